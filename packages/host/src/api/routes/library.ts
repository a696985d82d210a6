import { type GameEntry, scopeLibrary } from '@usher/domain';
import { fingerprint } from '@usher/protocol';
import type { Api, ApiParts } from '../parts.ts';
import { gameList } from '../profile-schema.ts';

/** The titles of the machine: all of them for the operator, those of its profile for a device (requirement P4.1). */
export function registerLibraryRoutes(api: Api, { library, profiles }: ApiParts): void {
  async function titlesFor(device: string | undefined): Promise<readonly GameEntry[]> {
    const titles = await library.titles();
    const place = device === undefined ? undefined : profiles.placeFor(fingerprint(device));
    return place === undefined ? titles : scopeLibrary(titles, place);
  }

  api.get(
    '/api/v1/library',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'getLibrary',
        summary: 'The titles of the machine; for a device those of its profile. Curation, not a sandbox',
        tags: ['library'],
        response: { 200: gameList },
      },
    },
    async (request) => [...(await titlesFor(request.device))],
  );
}
