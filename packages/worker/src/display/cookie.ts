import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { XCookie } from './x-connection.ts';

const NAME = 'MIT-MAGIC-COOKIE-1';
/** FamilyWild: the entry is good for any address, and with an empty number for any display. */
const FAMILY_WILD = 0xffff;

/**
 * Writes a fresh cookie into a new Xauthority file, which server and programs both read.
 * Layout (Xau(3)): `family u16 ‖ address ‖ display number ‖ name ‖ data`, each a u16 length and bytes, big-endian.
 */
export async function writeCookie(path: string): Promise<XCookie> {
  const data = randomBytes(16);
  const family = Buffer.alloc(2);
  family.writeUInt16BE(FAMILY_WILD);
  const entry = Buffer.concat([family, ...[Buffer.alloc(0), Buffer.alloc(0), Buffer.from(NAME), data].map(counted)]);
  await writeFile(path, entry, { mode: 0o600, flag: 'wx' });
  return { name: NAME, data: data.toString('latin1') };
}

function counted(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
