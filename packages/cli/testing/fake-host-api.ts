import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileIdentity } from '@usher/sdk/node';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';

export const TOKEN = '0123456789abcdef'.repeat(4);

export interface FakeAnswer {
  readonly status?: number;
  readonly body?: unknown;
}

/** A management API on loopback with a state directory of its own, as far as the commands need one. */
export class FakeHostApi implements AsyncDisposable {
  readonly home: string;
  readonly url: string;
  /** `METHOD /path body`, in order. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #answers: Readonly<Record<string, FakeAnswer>>;

  private constructor(home: string, server: Server, answers: Readonly<Record<string, FakeAnswer>>) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('it listens on TCP');
    this.home = home;
    this.url = `https://127.0.0.1:${address.port}`;
    this.#server = server;
    this.#answers = answers;
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        const route = `${request.method ?? ''} ${request.url ?? ''}`;
        this.asked.push(`${route} ${body}`.trim());
        const answer = this.#answer(route, request.headers.authorization);
        const text = answer.body === undefined ? undefined : JSON.stringify(answer.body);
        response.writeHead(answer.status ?? 200, text === undefined ? {} : { 'content-type': 'application/json' }).end(text);
      });
    });
  }

  /** `answers` by `METHOD /path`; everything else isn't found. */
  static async start(answers: Readonly<Record<string, FakeAnswer>>): Promise<FakeHostApi> {
    const home = await mkdtemp(join(tmpdir(), 'usher-cli-'));
    await mkdir(join(home, 'device'), { mode: 0o700 });
    const { certificatePem, keyPem } = (await openFileIdentity(join(home, 'device', 'id.json'))).certificate;
    await writeFile(join(home, 'host.crt'), certificatePem, { mode: 0o600 });
    await writeFile(join(home, 'token'), `${TOKEN}\n`, { mode: 0o600 });
    const server = createServer({ cert: certificatePem, key: keyPem });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeHostApi(home, server, answers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    await removeDirectory(this.home);
  }

  #answer(route: string, authorization: string | undefined): FakeAnswer {
    if (authorization !== `Bearer ${TOKEN}`) return problem(401, 'api.unauthorized', 'a bearer token is needed');
    return this.#answers[route] ?? problem(404, 'api.not-found', 'there is no such thing');
  }
}

export function problem(status: number, code: string, detail: string): FakeAnswer {
  return { status, body: { type: 'about:blank', title: 'x', status, code, detail } };
}
