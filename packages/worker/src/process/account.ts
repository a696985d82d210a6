import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Where the kernel puts the nodes of graphics cards. */
const GRAPHICS_DIRECTORY = '/dev/dri';

/** What is asked of the system; tests bring a machine of their own. */
export interface GraphicsNodes {
  /** Names below /dev/dri; empty where there is no such directory. */
  names(): readonly string[];
  mayUse(name: string): boolean;
  /** The group that a node belongs to. */
  groupOf(name: string): string;
}

/** The login name behind the worker's uid; an account that the system doesn't know has its number. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // no entry in the user database
  }
}

/**
 * What keeps the account from a graphics card that renders (requirement P6.5), with the command that mends it; nothing on a machine
 * without one. `getgroups` isn't asked: an access list may let a person in who is in no group.
 */
export function graphicsLacks(account: string, nodes: GraphicsNodes = systemNodes): readonly string[] {
  const names = nodes.names();
  if (!names.some(isRenderNode)) return [];
  const closed = names.filter((name) => (isRenderNode(name) || /^card\d+$/.test(name)) && !nodes.mayUse(name));
  const byGroup = new Map(closed.map((name) => [nodes.groupOf(name), name]));
  return [...byGroup].map(
    ([group, name]) =>
      `${account} is not in group ${group}, and can't use ${join(GRAPHICS_DIRECTORY, name)}: sudo usermod -aG ${group} ${account}`,
  );
}

function isRenderNode(name: string): boolean {
  return /^renderD\d+$/.test(name);
}

const systemNodes: GraphicsNodes = {
  names() {
    try {
      return readdirSync(GRAPHICS_DIRECTORY);
    } catch {
      return []; // no graphics card, or a container without its nodes
    }
  },
  mayUse(name) {
    try {
      accessSync(join(GRAPHICS_DIRECTORY, name), constants.R_OK | constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
  groupOf: (name) => groupName(statSync(join(GRAPHICS_DIRECTORY, name)).gid),
};

/** Device groups are the system's own, so that they stand in its file. */
function groupName(gid: number): string {
  const lines = readFileSync('/etc/group', 'utf8').split('\n');
  return lines.map((line) => line.split(':')).find(([, , id]) => id === String(gid))?.[0] ?? String(gid);
}
