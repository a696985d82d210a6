import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { CodedError } from '@usher/sdk/node';

/**
 * Connects, says what standard input holds, and prints the first byte of the answer in hex; ends with the system's number for what went wrong.
 * Perl, which Debian can't be without, because Node fills such a name up to 108 bytes with zeros, and then it is another's.
 */
const TALK = `
  use Socket;
  my $hello = do { local $/; <STDIN> };
  alarm $ARGV[1];
  $SIG{PIPE} = "IGNORE";
  my $socket;
  socket($socket, PF_UNIX, SOCK_STREAM, 0) && connect($socket, pack_sockaddr_un("\\0" . $ARGV[0])) or exit($! + 0);
  exit 0 if $hello eq "";
  syswrite $socket, $hello or exit($! + 0);
  sysread($socket, my $byte, 1) or exit ${constants.errno.ECONNRESET};
  print unpack "H2", $byte;
`;

/** Says hello to a socket that is in no file system, by its name without the `@`; the first byte of the answer, none where nothing was said. */
export async function talkToAbstract(name: string, hello: Buffer, withinMs: number): Promise<number | undefined> {
  const child = spawn('perl', ['-e', TALK, name, String(Math.ceil(withinMs / 1000))], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined); // it may have ended, and says so by its status
  child.stdin.end(hello);
  let answer = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  const status = await once(child, 'close').then(
    ([code]: unknown[]) => code,
    () => undefined,
  );
  if (status === undefined)
    throw new CodedError(
      'worker.missing-program',
      'perl is missing, without which some sockets can’t be tried: sudo apt-get install -y perl-base',
    );
  if (status !== 0) throw Object.assign(new Error('not connected'), { code: errorName(status) });
  return answer === '' ? undefined : Number.parseInt(answer, 16);
}

/** A signal, such as that of the alarm, has no status. */
function errorName(status: unknown): string {
  return Object.entries(constants.errno).find(([, number]) => number === status)?.[0] ?? 'ETIMEDOUT';
}
