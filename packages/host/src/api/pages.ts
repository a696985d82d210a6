import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { CodedError } from '@usher/protocol';
import type { FastifyReply } from 'fastify';
import type { Api } from './parts.ts';

/** The build names these files after their contents, so a browser may keep them as long as it likes. */
const ASSETS = 'assets';
const A_YEAR_MS = 365 * 24 * 60 * 60 * 1000;

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Usher</title>
<h1>The pages are not built</h1>
<p>The host runs, but it has no pages to show. Build them with <code>npm run build</code>, then load this page again.</p>
</html>
`;

/** The viewer at `/`, the console below `/console`, and the files that they load. */
export async function registerPages(api: Api, webRoot: string): Promise<void> {
  await api.register(fastifyStatic, { root: webRoot, serve: false, cacheControl: false, dotfiles: 'deny' });
  const open = { config: { access: 'public' as const }, schema: { hide: true } };

  async function page(reply: FastifyReply, name: string): Promise<FastifyReply> {
    if (await exists(join(webRoot, name))) return reply.header('cache-control', 'no-cache').sendFile(name);
    return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
  }

  api.get('/', open, (_request, reply) => page(reply, 'index.html'));
  api.get('/console', open, (_request, reply) => page(reply, 'console.html'));
  api.get('/console/*', open, (_request, reply) => page(reply, 'console.html'));
  api.get<{ Params: { '*': string } }>(`/${ASSETS}/*`, open, async (request, reply) =>
    reply.sendFile(`${ASSETS}/${request.params['*']}`, { cacheControl: true, maxAge: A_YEAR_MS, immutable: true }),
  );
  api.get<{ Params: { file: string } }>('/:file', open, async (request, reply) => {
    const { file } = request.params;
    if (file.endsWith('.html')) throw new CodedError('api.not-found', 'a page has one address: / or /console');
    return reply.header('cache-control', 'no-cache').sendFile(file);
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false, // whatever the reason, there is no page to show
  );
}
