import type { Api, ApiParts } from '../parts.ts';
import { health } from '../schema.ts';

export function registerHealthRoutes(api: Api, parts: ApiParts): void {
  api.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: { operationId: 'getHealth', summary: 'Whether the host answers', tags: ['host'], response: { 200: health } },
    },
    () => ({ status: 'ok' as const, version: parts.host.version }),
  );
}
