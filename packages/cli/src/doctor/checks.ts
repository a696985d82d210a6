import { join } from 'node:path';
import { failureOf } from '../answer.ts';
import { wordOf } from '../own-host.ts';
import type { Check } from './check.ts';
import type { Machine, Surroundings } from './machine.ts';
import { NATIVE, NEEDS } from './needs.ts';
import { checkOwned } from './owned.ts';
import { checkPeople } from './people.ts';
import { checkUsbRules } from './usb-rules.ts';

/** Node that runs the current line of the source (package.json, engines). */
const NODE_MINIMUM = [20, 20] as const;

export async function examine(surroundings: Surroundings): Promise<readonly Check[]> {
  const { machine } = surroundings;
  const host = await checkHost(surroundings);
  return [
    checkNode(machine),
    ...(await Promise.all(NEEDS.map((need) => checkNeed(machine, need)))),
    ...(await Promise.all(NATIVE.map((native) => checkNative(machine, native)))),
    ...(await checkState(surroundings)),
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

async function checkState(surroundings: Surroundings): Promise<readonly Check[]> {
  const { machine, home } = surroundings;
  const directory = await checkOwned(machine, 'state directory', home, true);
  if (directory === undefined) {
    return [{ name: 'state directory', ok: true, stops: true, detail: `${home} isn't there yet; the first start makes it` }];
  }
  if (!directory.ok) return [directory];
  const secrets = await Promise.all(SECRETS.map((name) => checkOwned(machine, name, join(home, name), false)));
  return [
    directory,
    ...secrets.filter((check) => check !== undefined),
    await checkToken(machine, join(home, 'token')),
    ...(await checkUsbRules(surroundings)),
  ];
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
