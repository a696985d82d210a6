import { X509Certificate } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Stopwatch } from '../../../tests/harness/stopwatch.ts';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';
import { LAPTOP } from '../testing/fake-services.ts';
import { ask, bounded, HostProcess, type ReadyLine } from '../testing/host-process.ts';
import { containing, listOf } from '../testing/matchers.ts';
import { inTemporaryDirectory } from '../testing/test-api.ts';

const paired = JSON.stringify({ version: 1, clients: [{ name: 'Laptop', fingerprint: LAPTOP, paired_unix: 1_800_000_000 }] });

/** The files of a state directory that a first start has filled. */
let seed: { readonly crt: string; readonly key: string; readonly token: string };

beforeAll(async () => {
  await inTemporaryDirectory(async (home) => {
    await using host = new HostProcess(['--home', home, '--port', '0']);
    await host.ready();
    await host.stop();
    const [crt, key, token] = await Promise.all(['host.crt', 'host.key', 'token'].map((name) => readFile(join(home, name), 'utf8')));
    seed = { crt: crt ?? '', key: key ?? '', token: token?.trim() ?? '' };
  });
});

async function fill(home: string): Promise<void> {
  await Promise.all([
    writeFile(join(home, 'host.crt'), seed.crt, { mode: 0o600 }),
    writeFile(join(home, 'host.key'), seed.key, { mode: 0o600 }),
    writeFile(join(home, 'token'), `${seed.token}\n`, { mode: 0o600 }),
    writeFile(join(home, 'paired.json'), paired, { mode: 0o600 }),
  ]);
}

function withState(use: (home: string) => Promise<void>): Promise<void> {
  return inTemporaryDirectory(async (home) => {
    await fill(home);
    await use(home);
  });
}

function asOperator(method = 'GET') {
  return { method, headers: { authorization: `Bearer ${seed.token}` } };
}

describe('a host from start to end (design §6)', () => {
  it('design §6: says one line when it is ready, serves, and ends cleanly; the next start is the same host', async () => {
    await inTemporaryDirectory(async (home) => {
      await using first = new HostProcess(['--home', home, '--port', '0']);
      const ready = await first.ready();
      expect(ready.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
      expect(ready.tokenCreated).toBe(true);
      const crt = await readFile(join(home, 'host.crt'), 'utf8');
      expect(ready.fingerprint).toBe(new X509Certificate(crt).fingerprint256.replaceAll(':', '').toLowerCase());
      expect(JSON.parse((await ask(`${ready.url}healthz`, crt)).body)).toMatchObject({ status: 'ok' });
      expect((await readdir(home)).sort()).toEqual(['api.sock', 'audit', 'endpoint.json', 'host.crt', 'host.key', 'token']);
      expect(JSON.parse(await readFile(join(home, 'endpoint.json'), 'utf8'))).toMatchObject({ url: ready.url, pid: first.process.pid });
      for (const name of await readdir(home)) expect((await stat(join(home, name))).mode & 0o777).toBe(name === 'audit' ? 0o700 : 0o600);
      const end = await first.stop('SIGTERM');
      expect([end.code, end.stdout.length]).toEqual([0, 1]);
      expect((await readdir(home)).sort()).toEqual(['audit', 'host.crt', 'host.key', 'token']);
      expect(end.log.filter((line) => line.includes(String(seed.token)))).toEqual([]);

      await using second = new HostProcess(['--home', home, '--port', '0']);
      expect(await second.ready()).toMatchObject({ fingerprint: ready.fingerprint, tokenCreated: false });
      expect((await second.stop('SIGINT')).code).toBe(0);
    });
  });

  it('design §6: a second host in the same directory says so, and the first serves on', async () => {
    await withState(async (home) => {
      await using first = new HostProcess(['--home', home, '--port', '0']);
      const { url } = await first.ready();
      await using second = new HostProcess(['--home', home, '--port', '0']);
      const { code, log, stdout } = await second.ended();
      expect([code, stdout]).toEqual([4, []]);
      expect(log).toEqual([containing(`another host already serves ${home}`)]);
      expect((await ask(`${url}healthz`, seed.crt)).status).toBe(200);
    });
  });

  it('design §6: after a host was killed its directory is free, and what it left is swept', async () => {
    await withState(async (home) => {
      await using first = new HostProcess(['--home', home, '--port', '0']);
      await first.ready();
      await first.stop('SIGKILL');
      await writeFile(join(home, '.paired.json.00112233aabb.tmp'), '{"half');
      await using second = new HostProcess(['--home', home, '--port', '0']);
      await second.ready();
      expect(await readdir(home)).not.toContain('.paired.json.00112233aabb.tmp');
    });
  });

  it('design §6: a port in use is one clear line that says how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await withState(async (home) => {
      await using host = new HostProcess(['--home', home, '--port', String(port)]);
      const { code, log } = await host.ended();
      expect(code).toBe(3);
      expect(log.filter((line) => line.includes(`port ${port} is in use by another program; choose another with --port`))).toHaveLength(1);
    });
    other.close();
  });

  it('design §6: an unexpected error is logged and ends the host with 1', async () => {
    await withState(async (home) => {
      const breaking = "data:text/javascript,process.on('SIGUSR2', () => { throw new TypeError('a bug') })";
      await using host = new HostProcess(['--home', home, '--port', '0'], ['--import', breaking]);
      await host.ready();
      const { code, log } = await host.stop('SIGUSR2');
      expect([code, log.at(-1)]).toEqual([1, 'an unexpected error ended the host']);
    });
  });
});

describe('state that can not be read (requirement P1.2)', () => {
  it.each([
    ['config.json, half written', (home: string) => writeFile(join(home, 'config.json'), '{"port": 99'), 'config.json: not JSON'],
    ['host.key, half written', (home: string) => truncate(join(home, 'host.key'), 100), 'host.key is damaged'],
    [
      'host.crt, unreadable',
      (home: string) => rm(join(home, 'host.crt')).then(() => mkdir(join(home, 'host.crt'))),
      "host.crt can't be read",
    ],
    ['token, half written', (home: string) => truncate(join(home, 'token'), 20), 'token is not a line of 64 hex digits'],
  ])('P1.2: %s: the host does not start, says the path, and leaves it', async (_name, spoil, message) => {
    await withState(async (home) => {
      await spoil(home);
      const before = await contents(home);
      await using host = new HostProcess(['--home', home, '--port', '0']);
      const { code, log, stdout } = await host.ended();
      expect([code, stdout]).toEqual([2, []]);
      expect(log.filter((line) => line.includes(join(home, message)))).toHaveLength(1);
      expect(await contents(home)).toEqual(before);
    });
  });

  it('P1.2: a half-written paired.json: the host serves, the operator is told, and nothing is written over it', async () => {
    await withState(async (home) => {
      const half = paired.slice(0, 60);
      await writeFile(join(home, 'paired.json'), half);
      await using host = new HostProcess(['--home', home, '--port', '0']);
      const { url } = await host.ready();
      const status = await ask(`${url}api/v1/host`, seed.crt, asOperator());
      expect(JSON.parse(status.body)).toMatchObject({
        paired_devices: 0,
        problems: [{ code: 'store.unreadable', detail: containing(join(home, 'paired.json')) }],
      });
      const refused = await ask(`${url}api/v1/native/clients/${LAPTOP}`, seed.crt, asOperator('DELETE'));
      expect(JSON.parse(refused.body)).toMatchObject({ status: 500, code: 'store.unreadable' });
      expect((await host.stop()).log).toContainEqual(containing('nobody is paired until it is mended'));
      expect(await readFile(join(home, 'paired.json'), 'utf8')).toBe(half);
    });
  });

  it('P1.2: a disk that takes nothing more: the removal fails, and the device stays paired', async () => {
    await withState(async (home) => {
      await using host = new HostProcess(['--home', home, '--port', '0']);
      const { url } = await host.ready();
      await rename(home, `${home}.away`); // root ignores modes, so the directory goes away instead of becoming read-only
      const refused = await ask(`${url}api/v1/native/clients/${LAPTOP}`, seed.crt, asOperator('DELETE'));
      await rename(`${home}.away`, home);
      expect(JSON.parse(refused.body)).toMatchObject({ status: 507, code: 'store.write-failed' });
      const { body } = await ask(`${url}api/v1/native/clients`, seed.crt, asOperator());
      expect(listOf(body, 'clients')).toHaveLength(1);
      expect(await readFile(join(home, 'paired.json'), 'utf8')).toBe(paired);
      expect((await ask(`${url}api/v1/native/clients/${LAPTOP}`, seed.crt, asOperator('DELETE'))).status).toBe(204);
    });
  });
});

describe('the door of the signalling (rule S1)', () => {
  let home: string;
  let host: HostProcess;
  let ready: ReadyLine;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'usher-host-'));
    await fill(home);
    host = new HostProcess(['--home', home, '--port', '0']);
    ready = await host.ready();
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await removeDirectory(home);
  });

  function open(path: string, headers: Record<string, string> = {}): WebSocket {
    return new WebSocket(new URL(path, ready.url.replace('https', 'wss')), { ca: seed.crt, headers });
  }

  it.each([
    ['another page', '/signal', { origin: 'https://evil.example' }, 403],
    ['a sandboxed page', '/signal', { origin: 'null' }, 403],
    ['another name', '/signal', { host: 'evil.example' }, 421],
    ['another path', '/signal2', {}, 404],
    ['a path of the API', '/api/v1/host', {}, 404],
  ])('S1: %s is refused before anything is said', async (_name, path, headers, status) => {
    const socket = open(path, headers);
    expect(await told(socket, 'error')).toContain(`Unexpected server response: ${status}`);
  });

  it("S1: our own page, or no page at all, is greeted with the host's fingerprint", async () => {
    for (const headers of [{}, { origin: new URL(ready.url).origin }]) {
      const socket = open('/signal', headers);
      expect(JSON.parse(await told(socket, 'message'))).toMatchObject({ type: 'hello', fingerprint: ready.fingerprint });
      socket.terminate();
    }
  });

  it('design §3: nothing older than TLS 1.2 is spoken', async () => {
    const { port } = new URL(ready.url);
    const socket = tlsConnect({
      port: Number(port),
      host: '127.0.0.1',
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      rejectUnauthorized: false,
    });
    expect(await told(socket, 'error')).toMatch(/alert protocol version|version too low|unsupported protocol/i);
  });

  it('design §6: a viewer at the door does not keep the host from ending', async () => {
    const socket = open('/signal');
    const closed = once(socket, 'close');
    await told(socket, 'message');
    using stopwatch = new Stopwatch();
    expect((await host.stop()).code).toBe(0);
    expect(stopwatch.elapsedMs).toBeLessThan(5_000);
    await closed;
  });
});

/** What the next event of this name says. */
async function told(emitter: EventEmitter, event: string): Promise<string> {
  const happened = new Promise<unknown>((resolve) => emitter.once(event, resolve));
  return String(await bounded(happened, 30_000, event));
}

/** Every file of a directory with its contents, or the word for what isn't a file. */
async function contents(directory: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(directory)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8').catch(() => 'no file')));
  return new Map(names.map((name, index) => [name, texts[index] ?? '']));
}
