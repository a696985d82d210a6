import { wordOf } from '../own-host.ts';
import type { Check } from './check.ts';
import type { Machine } from './machine.ts';

/** Where the package of the broker puts its socket and its PAM service, and whom it opens. */
const SOCKET = '/run/usher-broker/broker.sock';
const PAM_SERVICE = '/etc/pam.d/usher';
const GROUP = 'usher-users';
/** The first graphics card that renders, and the groups whose members may use one (requirement P6.5). */
const RENDER_NODE = '/dev/dri/renderD128';
const GRAPHICS_GROUPS = ['render', 'video'] as const;
/** `nobody`, and what lies above belongs to containers and services. */
const UID_END = 65_534;
/** Accounts that are named; a machine with more people has an operator who knows the command. */
const NAMED_MAX = 32;

/**
 * What people need for desktops in accounts of their own (requirement P6). Nothing of it stops a session of the operator's account, so that all
 * of it is only noted.
 */
export async function checkPeople(machine: Machine): Promise<readonly Check[]> {
  const sudo = machine.uid === 0 ? '' : 'sudo ';
  const service = await machine.hasFile(PAM_SERVICE);
  const socket = await checkSocket(machine, sudo, service);
  if (!service && !socket.ok) return [socket];
  const pam = checkThat(service, 'broker, PAM service', PAM_SERVICE, `${PAM_SERVICE} isn't there`, reinstall(sudo));
  const members = await membersOf(machine, GROUP);
  if (members === undefined) {
    return [socket, pam, broken(`group ${GROUP}`, 'it isn’t there, and nobody is in it', `${sudo}groupadd --system ${GROUP}`)];
  }
  return [socket, pam, ...(await checkAccounts(machine, members, sudo))];
}

async function checkSocket(machine: Machine, sudo: string, installed: boolean): Promise<Check> {
  const name = 'broker';
  try {
    const found = await machine.inspect(SOCKET);
    if (found !== undefined && (found.mode & 0o077) === 0) return { name, ok: true, stops: false, detail: SOCKET };
    if (found !== undefined) return broken(name, `others may open ${SOCKET}`, `${sudo}systemctl restart usher-broker.socket`);
    if (installed) return broken(name, `there is no ${SOCKET}`, `${sudo}systemctl enable --now usher-broker.socket`);
    const mend = `${sudo}apt-get install -y ./usher-broker_*.deb`;
    return broken(name, 'not installed (npm run debs builds it): profiles have the operator’s desktop only', mend);
  } catch (error) {
    return broken(name, `${SOCKET} can't be looked at (${wordOf(error)})`, `${sudo}systemctl restart usher-broker.socket`);
  }
}

/** Each person's account, and whether root has said that it may be opened. */
async function checkAccounts(machine: Machine, members: Members, sudo: string): Promise<readonly Check[]> {
  const people = (await peopleOf(machine)).slice(0, NAMED_MAX);
  if (people.length === 0) return [broken('people', 'this machine has no accounts of people', `${sudo}adduser NAME`)];
  const graphics = await graphicsGroups(machine);
  return people.map((person) => {
    const { name } = person;
    if (!isMember(person, members)) {
      return broken(`account ${name}`, `is not in ${GROUP}: no profile opens it`, `${sudo}usermod -aG ${GROUP} ${name}`);
    }
    const without = graphics.filter((group) => !isMember(person, group.members)).map((group) => group.name);
    const mend = `${sudo}usermod -aG ${without.join(',')} ${name}`;
    const lacks = `may have a desktop of its own, whose programs draw without the graphics card: not in ${without.join(' and ')}`;
    return checkThat(without.length === 0, `account ${name}`, 'may have a desktop of its own', lacks, mend);
  });
}

/** None on a machine without a graphics card that renders; a group that isn't there keeps nobody out. */
async function graphicsGroups(machine: Machine): Promise<readonly { readonly name: string; readonly members: Members }[]> {
  if ((await machine.inspect(RENDER_NODE).catch(() => undefined)) === undefined) return [];
  const groups = await Promise.all(GRAPHICS_GROUPS.map(async (name) => ({ name, members: await membersOf(machine, name) })));
  return groups.flatMap(({ name, members }) => (members === undefined ? [] : [{ name, members }]));
}

function isMember({ name, gid }: Person, members: Members): boolean {
  return members.names.includes(name) || gid === members.gid;
}

interface Person {
  readonly name: string;
  readonly gid: string;
}

interface Members {
  readonly gid: string;
  readonly names: readonly string[];
}

async function membersOf(machine: Machine, group: string): Promise<Members | undefined> {
  const found = (await linesOf(machine, '/etc/group')).find(([name]) => name === group);
  return found && { gid: found[2] ?? '', names: (found[3] ?? '').split(',') };
}

/** Accounts that somebody logs in to (requirement P8.3); directory services are the host's to ask. */
async function peopleOf(machine: Machine): Promise<readonly Person[]> {
  const uidMin = Number(/^[ \t]*UID_MIN[ \t]+(\d{1,9})[ \t]*$/m.exec(await textOf(machine, '/etc/login.defs'))?.[1] ?? 1000);
  return (await linesOf(machine, '/etc/passwd')).flatMap(([name = '', , uid = '', gid = '', , , shell = '']) => {
    const isPerson = /^\d+$/.test(uid) && Number(uid) >= uidMin && Number(uid) < UID_END && !/\/(nologin|false)$/.test(shell);
    return isPerson ? [{ name, gid }] : [];
  });
}

async function linesOf(machine: Machine, path: string): Promise<readonly (readonly string[])[]> {
  return (await textOf(machine, path)).split('\n').map((line) => line.split(':'));
}

/** A file that can't be read is as one that says nothing: the checks then say what is missing. */
function textOf(machine: Machine, path: string): Promise<string> {
  return machine.read(path).catch(() => '');
}

function checkThat(ok: boolean, name: string, good: string, bad: string, mend: string): Check {
  return ok ? { name, ok, stops: false, detail: good } : broken(name, bad, mend);
}

function broken(name: string, detail: string, mend: string): Check {
  return { name, ok: false, stops: false, detail, mend };
}

function reinstall(sudo: string): string {
  return `${sudo}apt-get install -y --reinstall -o Dpkg::Options::=--force-confmiss ./usher-broker_*.deb`;
}
