import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROFILES_MAX, pickableProfiles, type Roster, resolve, rosterOf } from '@usher/domain';
import { Reader } from '@usher/protocol';
import { id, phone, profile, SOME_PASSCODE } from '../../packages/domain/testing/profiles.ts';
import { Argon2Hasher } from '../../packages/host/src/profiles/passcode-hasher.ts';
import { PasscodeTimes } from '../../packages/host/testing/passcode-times.ts';
import { HostProcess } from '../../tests/harness/host-process.ts';
import { People } from '../../tests/harness/people.ts';
import { removeDirectory } from '../../tests/harness/temporary-directory.ts';
import { type Figure, report, summary } from '../figures.ts';

const DEVICES_EACH = 64;
const PASSCODE = 'tea at 4';
/** A connection takes a fraction of a second; one that takes longer than this has failed. */
const CONNECT_MS_MAX = 10_000;

/** What it costs to know whose desktop a device comes to, and to hold a passcode against it (issue 4). */
export async function connectBench(quick: boolean): Promise<boolean> {
  const times = await PasscodeTimes.by(await Argon2Hasher.create(), () => performance.now());
  await times.measure(quick ? 40 : 200);
  const connecting = await connectingTimes(quick ? 10 : 40);
  const figures: Figure[] = [
    { name: `resolve + roster, ${PROFILES_MAX} profiles × ${DEVICES_EACH} devices, p99`, unit: 'ms', value: rosterTime(), atMost: 1 },
    ...[...times.medians()].map(([name, value]) => ({ name: `a passcode held against: ${name}, median`, unit: 'ms', value })),
    { name: 'the two that are furthest apart, median of their ratios round by round', unit: '×', value: times.spread(), atMost: 1.05 },
    { name: 'connecting to Welcome without a passcode, median', unit: 'ms', value: connecting.without },
    { name: 'connecting to Welcome with the right one, median', unit: 'ms', value: connecting.withPasscode },
    { name: 'what the passcode adds', unit: 'ms', value: connecting.withPasscode - connecting.without, atMost: 60 },
  ];
  return report('connect: on loopback, the desktop open', figures);
}

/** The slowest but one in a hundred of a resolution and a roster together, over every device and the worst wish. */
function rosterTime(): number {
  const roster = fullRoster();
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    for (let device = 0; device < PROFILES_MAX * DEVICES_EACH; device += 1) {
      const who = phone(device + 1);
      const before = performance.now();
      resolve(roster, who, id(PROFILES_MAX));
      pickableProfiles(roster, who);
      times.push(performance.now() - before);
    }
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

function fullRoster(): Roster {
  const profiles = Array.from({ length: PROFILES_MAX }, (_, number) =>
    profile({
      id: id(number + 1),
      passcode: SOME_PASSCODE,
      assigned_fingerprints: Array.from({ length: DEVICES_EACH }, (_unused, device) => phone(number * DEVICES_EACH + device + 1)),
    }),
  );
  return rosterOf(profiles, undefined);
}

/** A real viewer and a real host, the two wishes in turns; medians in milliseconds. */
async function connectingTimes(rounds: number): Promise<{ readonly without: number; readonly withPasscode: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  try {
    await using host = await HostProcess.start();
    const people = new People(host, directory);
    await people.pair('bench');
    const wishes = [
      { profile: await people.profile('Open', { allow_shared_view: true }) },
      { profile: await people.profile('Shut', {}, PASSCODE), passcode: PASSCODE },
    ];
    const [without, withPasscode] = await connector(host.url, join(directory, 'bench.json'), rounds, wishes);
    return { without: summary(without ?? []).median, withPasscode: summary(withPasscode ?? []).median };
  } finally {
    await removeDirectory(directory);
  }
}

async function connector(url: string, key: string, rounds: number, wishes: readonly object[]): Promise<readonly (readonly number[])[]> {
  const program = ['--conditions=@usher/source', '--import', 'tsx', 'bench/connect/connector.ts'];
  const child = spawn(process.execPath, [...program, url, key, String(rounds), JSON.stringify({ wishes })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: rounds * wishes.length * CONNECT_MS_MAX,
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`the viewer ended with ${child.exitCode ?? child.signalCode ?? 'nothing'}`);
  const times = Reader.json(said, 'connector').raw('times');
  if (!Array.isArray(times)) throw new Error('the viewer measured nothing');
  return times.map((list: unknown) => (Array.isArray(list) ? list.map(Number) : []));
}
