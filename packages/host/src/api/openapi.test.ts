import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openApiText } from '../../testing/openapi-text.ts';
import { testApi } from '../../testing/test-api.ts';

describe('docs/openapi.json', () => {
  it('P8.2: is what the routes say; if not, run npm run generate', async () => {
    const committed = await readFile(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(committed).toBe(await openApiText());
  });

  it('P8.2: is what the host serves', async () => {
    const api = await testApi();
    const reply = await api.inject('/openapi.json');
    expect(reply.statusCode).toBe(200);
    expect(`${JSON.stringify(reply.json(), null, 2)}\n`).toBe(await openApiText());
    await api.close();
  });
});
