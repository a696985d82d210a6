import { eventually } from '../../harness/eventually.ts';
import type { Container } from '../container/container.ts';

/** A desktop may still be opening when somebody asks. */
const OPEN_MS = 20_000;

/** Where a person's session can be touched, as root sees it. */
export interface OpenDesktop {
  readonly account: string;
  readonly uid: number;
  /** Process of the worker, and of a program that runs on the desktop. */
  readonly worker: number;
  readonly program: number;
  readonly display: string;
  readonly cookieFile: string;
  readonly soundServer: string;
}

/** The open desktop of an account. */
export async function desktopOf(container: Container, account: string): Promise<OpenDesktop> {
  const uid = Number(await container.must(['id', '-u', account]));
  return eventually(`the desktop of ${account}`, () => look(container, account, uid), OPEN_MS);
}

async function look(container: Container, account: string, uid: number): Promise<OpenDesktop | undefined> {
  const worker = await pidOf(container, uid, 'worker/dist/main.js');
  const program = await pidOf(container, uid, '^xterm|/xterm');
  if (worker === undefined || program === undefined) return undefined;
  const environment = new Map(
    (await container.run(['cat', `/proc/${program}/environ`])).stdout.split('\0').map((entry) => {
      const [name = '', ...value] = entry.split('=');
      return [name, value.join('=')] as const;
    }),
  );
  const [display, cookieFile, soundServer] = ['DISPLAY', 'XAUTHORITY', 'PULSE_SERVER'].map((name) => environment.get(name));
  if (display === undefined || cookieFile === undefined || soundServer === undefined) return undefined;
  return { account, uid, worker, program, display, cookieFile, soundServer };
}

async function pidOf(container: Container, uid: number, pattern: string): Promise<number | undefined> {
  const { stdout } = await container.run(['pgrep', '--uid', String(uid), '--full', '--oldest', pattern]);
  return stdout === '' ? undefined : Number(stdout);
}
