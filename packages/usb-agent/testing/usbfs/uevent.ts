import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** udevd's message to whoever watches devices (systemd's `sd-device/device-monitor.c`): a header of 40 bytes, then `KEY=value` strings. */
export function ueventMessage(properties: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\0`)
      .join(''),
  );
  const header = Buffer.alloc(40);
  header.write('libudev\0', 'latin1');
  header.writeUInt32BE(0xfeed_cafe, 8);
  header.writeUInt32LE(header.length, 12);
  header.writeUInt32LE(header.length, 16);
  header.writeUInt32LE(body.length, 20);
  header.writeUInt32BE(murmurHash2('usb'), 24);
  header.writeUInt32BE(murmurHash2('usb_device'), 28);
  return Buffer.concat([header, body]);
}

/**
 * Hands the message to every watcher: the preload library turns a netlink socket into a datagram socket `event<n>` of the test bed.
 * Node can't send to one; perl, which every Debian has, can.
 */
export function sendUevent(directory: string, message: Buffer): void {
  const script =
    'socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die; local $/; my $m = <STDIN>; send($s, $m, 0, pack_sockaddr_un($_)) for @ARGV;';
  const watchers = readdirSync(directory).filter((name) => name.startsWith('event'));
  if (watchers.length === 0) return;
  const sent = spawnSync('perl', ['-MSocket', '-e', script, ...watchers.map((name) => join(directory, name))], { input: message });
  if (sent.status !== 0) throw new Error(`no uevent was sent: ${sent.stderr.toString()}`);
}

/** MurmurHash2 with seed 0, by which watchers filter subsystems. */
function murmurHash2(text: string): number {
  const mix = 0x5bd1_e995;
  const bytes = Buffer.from(text);
  let hash = bytes.length;
  let at = 0;
  for (; bytes.length - at >= 4; at += 4) {
    let word = Math.imul(bytes.readUInt32LE(at), mix);
    word ^= word >>> 24;
    hash = Math.imul(hash, mix) ^ Math.imul(word, mix);
  }
  if (at < bytes.length) {
    for (let rest = bytes.length - 1; rest >= at; rest -= 1) hash ^= (bytes[rest] ?? 0) << ((rest - at) * 8);
    hash = Math.imul(hash, mix);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, mix);
  return (hash ^ (hash >>> 15)) >>> 0;
}
