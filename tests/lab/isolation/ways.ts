import type { OpenDesktop } from './desktop-of.ts';

/** A way to reach into a session: works for its person, and for nobody else. */
export interface Way {
  readonly to: string;
  /** A program that succeeds for whoever gets there. */
  readonly by: (victim: OpenDesktop) => readonly string[];
  /** The host's own desktop is in the host's sandbox, where even its account can't reach from outside. */
  readonly needsLogin?: true;
}

/** Where a Wayland compositor of the person listens, and what the person keeps in shared memory, once `furnish` has been typed there. */
export const WAYLAND_SOCKET = 'usher-lab-wayland';
const SHARED_FILE = '/dev/shm/usher-lab';
export const FURNISHED = 'usher-lab-furnished';

/** What a person's own shell starts and leaves in the session, with the session's own file mode mask. */
export function furnish({ uid }: OpenDesktop): string {
  const memory = `ipcmk --shmem 4096 --mode 0600; echo secret > ${SHARED_FILE}-${uid}`;
  const compositor = `weston --backend=headless-backend.so --socket=${WAYLAND_SOCKET} >/dev/null 2>&1 &`;
  return `clear; ${memory}; ${compositor} touch ~/${FURNISHED}`;
}

export const WAYS: readonly Way[] = [
  { to: 'take a picture of the screen', by: (victim) => takePicture(victim) },
  { to: 'read what is on it, such as a clipboard’s owner', by: (victim) => onDisplay(victim, 'xprop', '-root') },
  { to: 'use XTEST', by: (victim) => onDisplay(victim, 'xdotool', 'key', 'Shift_L') },
  { to: 'read the clipboard', by: (victim) => onDisplay(victim, 'sh', '-c', 'xclip -o -selection clipboard | grep --quiet "^secret"') },
  { to: 'read the cookie', by: ({ cookieFile }) => ['cat', cookieFile] },
  { to: 'hear and speak, by the sound server', by: ({ soundServer }) => ['pactl', '--server', soundServer, 'info'] },
  { to: 'hear what is played', by: ({ soundServer }) => recordFrom(soundServer, 'desk.monitor') },
  { to: 'hear what is said into the microphone', by: ({ soundServer }) => recordFrom(soundServer, 'mic') },
  { to: 'speak, into the microphone', by: ({ soundServer }) => speakInto(soundServer, 0.1) },
  {
    to: 'see by Wayland',
    by: ({ uid }) => ['env', `WAYLAND_DISPLAY=/run/user/${uid}/${WAYLAND_SOCKET}`, 'wayland-info'],
    needsLogin: true,
  },
  { to: 'open the runtime directory', by: ({ uid }) => ['ls', `/run/user/${uid}`], needsLogin: true },
  {
    to: 'use the session’s bus',
    by: ({ uid }) => ['busctl', '--user', `--address=unix:path=/run/user/${uid}/bus`, 'list'],
    needsLogin: true,
  },
  { to: 'read a file in shared memory', by: ({ uid }) => ['cat', `${SHARED_FILE}-${uid}`], needsLogin: true },
  { to: 'read a segment of shared memory', by: (victim) => ['perl', '-e', READS_SEGMENTS, String(victim.uid)], needsLogin: true },
  { to: 'read the environment of a program', by: ({ program }) => ['cat', `/proc/${program}/environ`], needsLogin: true },
  { to: 'look through a program’s files', by: ({ program }) => ['ls', `/proc/${program}/cwd/`], needsLogin: true },
  { to: 'see the machine as a program does', by: ({ program }) => ['ls', `/proc/${program}/root/`], needsLogin: true },
  { to: 'look at a program’s descriptors', by: ({ program }) => ['ls', `/proc/${program}/fd/`], needsLogin: true },
  { to: 'read a program’s memory map', by: ({ program }) => ['cat', `/proc/${program}/maps`], needsLogin: true },
  // Shared between the X server and the worker, without a name or a descriptor that is open: only the worker's own memory leads there.
  {
    to: 'find the picture in the worker’s memory',
    by: ({ worker }) => ['grep', '--quiet', 'memfd:usher-screen', `/proc/${worker}/maps`],
    needsLogin: true,
  },
  { to: 'signal a program', by: ({ program }) => ['kill', '-0', String(program)] },
  { to: 'signal the worker', by: ({ worker }) => ['kill', '-0', String(worker)] },
];

/** Reads the first bytes of every System V segment whose creator has that uid; fails where there is none, or one can't be read. */
const READS_SEGMENTS = `
  open my $list, '<', '/proc/sysvipc/shm' or exit 1;
  my @ids = map { my @f = split; $f[7] eq $ARGV[0] ? $f[1] : () } <$list>;
  exit 1 unless @ids;
  for my $id (@ids) { shmread($id, my $bytes, 0, 4) or exit 1 }`;

/** A picture of 1280 × 720 has 3.6 MB. */
function takePicture(victim: OpenDesktop): readonly string[] {
  return onDisplay(victim, 'sh', '-c', 'test "$(xwd -root -silent | wc -c)" -gt 1000000');
}

export function onDisplay({ display, cookieFile }: OpenDesktop, ...command: readonly string[]): readonly string[] {
  return ['env', `DISPLAY=${display}`, `XAUTHORITY=${cookieFile}`, ...command];
}

/** Types by XTEST into the terminal of a desktop, as from its keyboard. */
export function typeInto(desktop: OpenDesktop, line: string): readonly string[] {
  const focus = ['search', '--sync', '--onlyvisible', '--class', 'xterm', 'windowfocus', '--sync'];
  const emptyLine = ['key', '--clearmodifiers', 'ctrl+u'];
  return ['timeout', '20', ...onDisplay(desktop, 'xdotool', ...focus, ...emptyLine, 'type', '--delay', '8', `${line}\n`)];
}

/** Speaks noise for so many seconds. */
export function speakInto(soundServer: string, seconds: number): readonly string[] {
  const bytes = String(Math.round(seconds * 48_000) * 4);
  return ['sh', '-c', 'head -c "$1" /dev/urandom | pacat --playback --raw --rate=48000 --server="$0" --device=micsink', soundServer, bytes];
}

/** Half a second of a source: succeeds where there were samples, silent ones too. */
function recordFrom(soundServer: string, source: string): readonly string[] {
  return ['sh', '-c', `test "$(${RECORDS} | wc -c)" -ge ${HALF_A_SECOND}`, soundServer, source];
}

/** Half a second of a source; succeeds where one of its samples isn't silence. */
export function hearsSomething(soundServer: string, source: string): readonly string[] {
  return ['sh', '-c', `test "$(${RECORDS} | tr -d '\\000' | wc -c)" -gt 1000`, soundServer, source];
}

const HALF_A_SECOND = 24_000 * 4;
const RECORDS = `timeout 5 parec --raw --format=s16le --rate=48000 --channels=2 --server="$0" --device="$1" 2>/dev/null | head -c ${HALF_A_SECOND}`;
