import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { answerOf } from './run.ts';

/** Who is at the other end of a connection, by the kernel's word. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
}

/** Undefined where the kernel can't be asked: then nobody is served. */
export type AskForPeer = (connection: Socket) => Promise<Peer | undefined>;

/**
 * SO_PEERCRED. Node has no call for it and the broker no native code, so perl, which is essential to Debian, asks: the connection is its
 * descriptor 3. (Not 0…2: Node makes those blocking for the child, and the flag is shared with our end.)
 */
export const askForPeer: AskForPeer = async (connection) => {
  const stdio = ['ignore', 'pipe', 'ignore', connection] as const;
  const { status, text } = await answerOf(spawn('/usr/bin/perl', PERL, { stdio: [...stdio], env: {}, cwd: '/' }));
  const [, pid, uid] = /^(\d+) (\d+) (\d+)$/.exec(text) ?? [];
  return status === 0 && pid !== undefined && uid !== undefined ? { pid: Number(pid), uid: Number(uid) } : undefined;
};

const PERL = [
  '-MSocket=SOL_SOCKET,SO_PEERCRED',
  '-e',
  'open(my $peer, "+<&=", 3) or exit 1; my $is = getsockopt($peer, SOL_SOCKET, SO_PEERCRED) or exit 1; print join " ", unpack("i I I", $is)',
];
