import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeHostApi } from '../testing/fake-host-api.ts';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { run } from './program.ts';

const packages = new URL('../../', import.meta.url);

/** Asks for the sessions without saying where the host is. */
async function ask(home: string, environment: Readonly<Record<string, string>> = {}) {
  const terminal = new FakeTerminal({ USHER_HOME: home, ...environment }, '');
  const exitCode = await run(['sessions', '--json'], terminal, packages);
  return { exitCode, answer: terminal.json() };
}

describe('where one’s own host is', () => {
  const sessions = { 'GET /api/v1/sessions': { body: { sessions: [] } } };

  it('design §6: a host that runs has said so in endpoint.json, whatever its port', async () => {
    await using api = await FakeHostApi.start(sessions);
    await writeFile(join(api.home, 'endpoint.json'), JSON.stringify({ version: 1, url: `${api.url}/`, pid: process.pid }));
    // The variable is what the next host will listen on.
    expect(await ask(api.home, { USHER_PORT: '1' })).toEqual({ exitCode: 0, answer: { sessions: [] } });
  });

  it.each([
    ['of a host that was killed', { version: 1, url: 'https://127.0.0.1:1/', pid: 2 ** 31 - 1 }],
    ['of a later version', { version: 2, at: 'elsewhere' }],
  ])('design §6: one %s is left aside', async (_what, endpoint) => {
    await using api = await FakeHostApi.start(sessions);
    await writeFile(join(api.home, 'endpoint.json'), JSON.stringify(endpoint));
    expect((await ask(api.home, { USHER_PORT: new URL(api.url).port })).exitCode).toBe(0);
    await rm(join(api.home, 'endpoint.json'));
    expect((await ask(api.home, { USHER_PORT: new URL(api.url).port })).exitCode).toBe(0);
  });

  it.each([
    ['noise', 'noise'],
    ['no address', JSON.stringify({ version: 1, url: 'den', pid: process.pid })],
    ['an address without TLS', JSON.stringify({ version: 1, url: 'http://127.0.0.1:80/', pid: process.pid })],
    ['no process', JSON.stringify({ version: 1, url: 'https://127.0.0.1:1/' })],
  ])('design §6: %s in it is told, and nobody is asked', async (_what, text) => {
    await using api = await FakeHostApi.start(sessions);
    await writeFile(join(api.home, 'endpoint.json'), text);
    const { exitCode, answer } = await ask(api.home);
    expect(answer).toMatchObject({ ok: false });
    expect([exitCode === 0, api.asked]).toEqual([false, []]);
  });
});
