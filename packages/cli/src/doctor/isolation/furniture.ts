import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Furniture } from './attempts.ts';

/** Devices of the seat: microphones and mixers, every keyboard, and the way to play one. */
const DEVICES = [
  ['/dev', /^uinput$/],
  ['/dev/input', /^event\d+$/],
  ['/dev/snd', /^(pcmC\d+D\d+[cp]|controlC\d+)$/],
] as const;
const DEVICES_MAX = 128;
/** Where programs share memory: pictures and sound. What people themselves put into /tmp for everybody is their own business. */
const SHARED_MEMORY = '/dev/shm';
const SHARED_MAX = 100;

/** What lies open on this machine, as the caller can see it. */
export async function furnitureOf(uids: readonly number[], nameOfGroup: (gid: number) => string): Promise<Furniture> {
  const paths = await Promise.all(
    DEVICES.map(async ([place, name]) => (await namesIn(place)).filter((each) => name.test(each)).map((each) => join(place, each))),
  );
  const devices = await Promise.all(
    paths
      .flat()
      .slice(0, DEVICES_MAX)
      .map((path) => deviceAt(path, nameOfGroup)),
  );
  return {
    devices: devices.filter((device) => device !== undefined),
    shared: await sharedFiles(uids),
    brokerSocket: await isThere('/run/usher-broker/broker.sock'),
    brokerState: await isThere('/var/lib/usher-broker'),
  };
}

async function deviceAt(path: string, nameOfGroup: (gid: number) => string): Promise<Furniture['devices'][number] | undefined> {
  const status = await stat(path).catch(() => undefined); // pulled out meanwhile
  return status && { path, mode: status.mode & 0o777, group: nameOfGroup(status.gid) };
}

async function sharedFiles(uids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const shared = new Map<number, string[]>(uids.map((uid) => [uid, []]));
  for (const name of await namesIn(SHARED_MEMORY)) {
    const path = join(SHARED_MEMORY, name);
    const status = await lstat(path).catch(() => undefined); // gone meanwhile
    const list = status?.isFile() === true ? shared.get(status.uid) : undefined;
    if (list !== undefined && list.length < SHARED_MAX) list.push(path);
  }
  return shared;
}

function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []); // not on this machine
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false, // or not the caller's to see
  );
}
