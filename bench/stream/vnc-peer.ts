import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';

/** The peer: TigerVNC's server with noVNC in the same browser, the usual way to a Linux desktop from a page. Debian's packages. */
export interface VncPeer extends AsyncDisposable {
  readonly display: string;
  readonly pageUrl: string;
  /** The server that draws and encodes, and the relay to the page's WebSocket. */
  readonly server: ChildProcess;
  readonly relay: ChildProcess;
}

const PACKAGES = ['novnc', 'tigervnc-standalone-server', 'websockify'] as const;
const PAGES = '/usr/share/novnc';
const STARTS_WITHIN_MS = 10_000;

/** Undefined, with the command that would change it, where the peer isn't installed. */
export async function startVncPeer(width: number, height: number): Promise<VncPeer | undefined> {
  if (!existsSync(`${PAGES}/vnc_lite.html`) || spawnSync('Xtigervnc', ['-version']).error !== undefined) {
    console.log(`No peer to compare with: apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`);
    return undefined;
  }
  const number = freeDisplay();
  const rfbPort = 5900 + number;
  const webPort = 6100 + number;
  const server = spawn(
    'Xtigervnc',
    [`:${number}`, '-geometry', `${width}x${height}`, '-depth', '24', '-SecurityTypes', 'None', '-localhost', '-rfbport', String(rfbPort)],
    { stdio: 'ignore' },
  );
  await listening(rfbPort);
  const relay = spawn('websockify', ['--web', PAGES, `127.0.0.1:${webPort}`, `127.0.0.1:${rfbPort}`], { stdio: 'ignore' });
  await listening(webPort);
  return {
    display: `:${number}`,
    pageUrl: `http://127.0.0.1:${webPort}/vnc_lite.html?host=127.0.0.1&port=${webPort}`,
    server,
    relay,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([relay, server].map(end));
    },
  };
}

function freeDisplay(): number {
  for (let number = 150; number < 200; number += 1) {
    if (!existsSync(`/tmp/.X11-unix/X${number}`) && !existsSync(`/tmp/.X${number}-lock`)) return number;
  }
  throw new Error('no free display number between 150 and 199');
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  while (!(await accepts(port))) {
    if (performance.now() > deadline) throw new Error(`nothing listens on port ${port} after ${STARTS_WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
