import { join } from 'node:path';
import type { HostApi } from '@usher/sdk/api';
import { failureOf } from '../answer.ts';
import { wordOf } from '../own-host.ts';
import type { Check } from './check.ts';
import type { Machine } from './machine.ts';
import { NATIVE, NEEDS } from './needs.ts';
import { checkPeople } from './people.ts';

export interface Surroundings {
  readonly machine: Machine;
  readonly home: string;
  readonly port: number;
  /** Rejects where no token lies in the state directory. */
  openHost(): Promise<HostApi>;
}

/** Node that runs the current line of the source (package.json, engines). */
const NODE_MINIMUM = [20, 20] as const;

export async function examine(surroundings: Surroundings): Promise<readonly Check[]> {
  const { machine, home } = surroundings;
  const host = await checkHost(surroundings);
  return [
    checkNode(machine),
    ...(await Promise.all(NEEDS.map((need) => checkNeed(machine, need)))),
    ...(await Promise.all(NATIVE.map((native) => checkNative(machine, native)))),
    ...(await checkState(machine, home)),
    ...(await checkPeople(machine)),
    await checkPort(surroundings, host.ok),
    host,
  ];
}

function checkNode({ nodeVersion }: Machine): Check {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const ok = major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
  const check = { name: 'node', ok, stops: true, detail: `Node ${nodeVersion}` };
  return ok ? check : { ...check, mend: `install Node ${NODE_MINIMUM.join('.')} or newer` };
}

async function checkNeed(machine: Machine, need: (typeof NEEDS)[number]): Promise<Check> {
  const ok = await need.present(machine);
  const check = { name: need.package, ok, stops: need.stops, detail: need.why };
  return ok ? check : { ...check, mend: aptCommand([need.package], machine.uid) };
}

async function checkNative(machine: Machine, { name, why, stops }: (typeof NATIVE)[number]): Promise<Check> {
  const problem = await machine.nativeProblem(name);
  if (problem === undefined) return { name: `npm ${name}`, ok: true, stops, detail: why };
  return { name: `npm ${name}`, ok: false, stops, detail: `${why}: can't be loaded (${problem})`, mend: 'npm ci' };
}

/** The one command for everything that is missing. */
export function aptCommand(packages: readonly string[], uid: number | undefined): string {
  return `${uid === 0 ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

const SECRETS = ['token', 'host.key'] as const;

async function checkState(machine: Machine, home: string): Promise<readonly Check[]> {
  const directory = await checkOwned(machine, 'state directory', home, true);
  if (directory === undefined) {
    return [{ name: 'state directory', ok: true, stops: true, detail: `${home} isn't there yet; the first start makes it` }];
  }
  if (!directory.ok) return [directory];
  const secrets = await Promise.all(SECRETS.map((name) => checkOwned(machine, name, join(home, name), false)));
  return [directory, ...secrets.filter((check) => check !== undefined), await checkToken(machine, join(home, 'token'))];
}

/** A directory or file that must be its owner's alone; undefined where it isn't there. */
async function checkOwned(machine: Machine, name: string, path: string, directory: boolean): Promise<Check | undefined> {
  const broken = (detail: string, mend: string): Check => ({ name, ok: false, stops: true, detail, mend });
  try {
    const found = await machine.inspect(path);
    if (found === undefined) return undefined;
    if (found.directory !== directory) return broken(`${path} is ${directory ? 'no directory' : 'a directory'}`, `move ${path} away`);
    if (machine.uid !== undefined && found.uid !== machine.uid) {
      return broken(`${path} belongs to uid ${found.uid}`, `sudo chown -R ${machine.uid} '${path}'`);
    }
    if ((found.mode & 0o077) !== 0) return broken(`others may get at ${path}`, `chmod ${directory ? 700 : 600} '${path}'`);
    return { name, ok: true, stops: true, detail: path };
  } catch (error) {
    return broken(
      `${path} can't be looked at (${wordOf(error)})`,
      `run it as the user that the host runs as, or name another place with --home`,
    );
  }
}

async function checkToken(machine: Machine, path: string): Promise<Check> {
  const check = { name: 'token', stops: true };
  try {
    if (/^[0-9a-f]{64}\s*$/.test(await machine.read(path))) return { ...check, ok: true, detail: 'readable' };
    return { ...check, ok: false, detail: `${path} holds no token`, mend: `rm '${path}'; the next start of the host makes another` };
  } catch (error) {
    if (wordOf(error) === 'ENOENT') return { ...check, ok: true, detail: 'not there yet; the first start makes it' };
    return { ...check, ok: false, detail: `${path} can't be read (${wordOf(error)})`, mend: `chmod 600 '${path}'` };
  }
}

async function checkPort({ machine, port, home }: Surroundings, hostAnswers: boolean): Promise<Check> {
  const check = { name: `port ${port}`, stops: true };
  if (hostAnswers) return { ...check, ok: true, detail: 'the host is on it' };
  const problem = await machine.portProblem(port);
  if (problem === undefined) return { ...check, ok: true, detail: 'free' };
  const mend = `choose another with --port N, USHER_PORT, or "port" in ${join(home, 'config.json')}`;
  return { ...check, ok: false, detail: problem === 'EADDRINUSE' ? 'another program is on it' : `can't be opened (${problem})`, mend };
}

/** A host that doesn't run stops nobody: it is what one starts next. */
async function checkHost({ openHost }: Surroundings): Promise<Check> {
  const check = { name: 'host', stops: false };
  try {
    const { version, url, problems } = await (await openHost()).host();
    const [problem] = problems;
    if (problem !== undefined)
      return { ...check, ok: false, stops: true, detail: `it runs, but: ${problem.detail}`, mend: 'see the host’s log' };
    return { ...check, ok: true, detail: `version ${version} at ${url}` };
  } catch (error) {
    return { ...check, ok: false, detail: `doesn't answer: ${failureOf(error).message}`, mend: 'usher up' };
  }
}
