import type { OperatorAccess } from '../operator-access.ts';
import type { Api } from '../parts.ts';
import { consoleSession, login, noContent } from '../schema.ts';

/** Signing in to the console: the token once, then a cookie that no script can read. */
export function registerConsoleRoutes(api: Api, access: OperatorAccess): void {
  api.post(
    '/api/v1/console/login',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'consoleLogin',
        summary: "Trade the bearer token for the console's cookie",
        tags: ['console'],
        body: login,
        response: { 204: noContent },
      },
    },
    (request, reply) => reply.code(204).header('set-cookie', access.signIn(request.body.token, request.ip)).send(),
  );

  // Public, because a browser whose session has run out must be able to forget its cookie too.
  api.post(
    '/api/v1/console/logout',
    {
      config: { access: 'public' },
      schema: { operationId: 'consoleLogout', summary: 'Sign this browser out', tags: ['console'], response: { 204: noContent } },
    },
    (request, reply) => reply.code(204).header('set-cookie', access.signOut(request)).send(),
  );

  api.get(
    '/api/v1/console/session',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getConsoleSession',
        summary: 'Whether this browser is signed in',
        tags: ['console'],
        response: { 200: consoleSession },
      },
    },
    (request) => ({ signed_in: access.signedIn(request) }),
  );
}
