import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { Session } from './session.ts';
import { SESSION_PROGRAM, UsherMachine } from './usher-machine.ts';

/** A browser's first start on a machine that does other things; three seconds are usual. */
const STARTS_MS = 60_000;

let machine: UsherMachine;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  await machine.addPerson('kid');
  await machine.useWorker(SESSION_PROGRAM);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

/** Runs compiled code, and says so in its title. */
const PAGE = `<script>
  const code = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11]);
  WebAssembly.instantiate(code).then(({ instance }) => (document.title = 'compiled ' + instance.exports.f()));
</script>`;
/** Serves the page on the session's own loopback and starts what it is told, as long as that runs. */
const SERVES = `
  const answer = (request, response) => response.setHeader('content-type', 'text/html').end(${JSON.stringify(PAGE)});
  const server = require('node:http').createServer(answer).listen(8080, '127.0.0.1');
  const [program, ...args] = process.argv.slice(1);
  require('node:child_process').spawn(program, args, { stdio: 'ignore' }).once('exit', () => process.exit());`;
/** Debian's own, in its own sandbox, as a person would start it but for the screen. */
const CHROMIUM = ['chromium', '--headless', '--disable-gpu', '--remote-debugging-port=9222', 'http://127.0.0.1:8080/'];
const TELLS_TITLES =
  'fetch("http://127.0.0.1:9222/json").then((answer) => answer.json()).then((pages) => console.log(pages.map(({ title }) => title).join()))';

it('P6.3: in a session a browser starts, sandboxes its pages, reaches the network and runs compiled code', async () => {
  const { container } = machine;
  await using peer = machine.peer();
  const control = await machine.control(peer);
  const session = await Session.begin(await control.open(await control.bind('kid')));
  expect(await session.run('setsid', '--fork', 'sh', '-c', 'exec "$@" >/dev/null 2>&1', 'sh', 'node', '-e', SERVES, ...CHROMIUM)).toBe(
    '0 ',
  );

  const isLoaded = async () => (await container.run(['node', '-e', TELLS_TITLES])).stdout.includes('compiled 42') || undefined;
  await eventually('the page', isLoaded, STARTS_MS);

  const renderer = (await container.must(['pgrep', '--uid', 'kid', '--full', '--newest', 'type=renderer'])).trim();
  const login = (await session.run('readlink', '/proc/self/ns/user')).slice(2);
  expect(login).toMatch(/^user:\[\d+\]$/);
  // The browser's own sandbox: a namespace of users that it may make without being anybody, and a filter of system calls more than everybody's.
  expect((await container.must(['readlink', `/proc/${renderer}/ns/user`])).trim()).not.toBe(login);
  expect((await container.must(['readlink', `/proc/${renderer}/ns/net`])).trim()).not.toBe(
    (await session.run('readlink', '/proc/self/ns/net')).slice(2),
  );
  const filters = async (pid: string) =>
    Number(/^Seccomp_filters:\s*(\d+)$/m.exec(await container.must(['cat', `/proc/${pid}/status`]))?.[1]);
  expect(await filters(renderer)).toBeGreaterThan(await filters('1'));
});
