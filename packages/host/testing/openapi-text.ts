import { testApi } from './test-api.ts';

/** docs/openapi.json as the routes say it: the same bytes on every machine. */
export async function openApiText(): Promise<string> {
  const api = await testApi();
  try {
    await api.ready();
    return `${JSON.stringify(api.swagger(), null, 2)}\n`;
  } finally {
    await api.close();
  }
}
