import { writeFile } from 'node:fs/promises';
import { Reader } from '@usher/protocol';
import { prepareRoot } from '../../tests/lab/container/root.ts';
import { desktopOf } from '../../tests/lab/isolation/desktop-of.ts';
import { PersonWatch } from '../../tests/lab/isolation/person-watch.ts';
import { coreSecondsOf, mebibytesOf } from '../../tests/lab/isolation/usage.ts';
import { BROKER_SOCKET, PROGRAMS, UsherMachine } from '../../tests/lab/isolation/usher-machine.ts';
import { Visitors } from '../../tests/lab/isolation/visitors.ts';
import { bundle } from '../../tests/lab/vm/bundle.ts';
import { type Figure, report, summary } from '../figures.ts';
import { MEASURED_SECONDS } from './relay-load.ts';

/** As many as the issue wants at once, and two that stay cold until they come together. */
const PEOPLE = ['ada', 'ben', 'cem', 'dia', 'eva', 'fox', 'gil', 'hal'] as const;
const COLD_TOGETHER = ['gil', 'hal'] as const;
const SOMEBODY = 'ada';
/** A visit stays so long after it was let in: the first picture comes meanwhile. */
const VISIT_SECONDS = '2';
/** A desktop without Usher that isn't there by then isn't going to be. */
const PLAIN_SECONDS_MAX = '20';
/** After everybody's programs have started. */
const IDLE_SECONDS = 10;
const SETTLING_MS = 5000;
/** Pictures that a relay takes: more than any desktop that is quiet. */
const PICTURES_MAX = 10_000;

/** What people's own sessions cost (issue 5), in the lab's container, beside the same login and programs without Usher. */
export async function sessionsBench(quick: boolean): Promise<boolean> {
  await prepareRoot((line) => console.log(line));
  await using machine = await UsherMachine.withBroker();
  const uids = new Map<string, number>();
  for (const name of PEOPLE) uids.set(name, await machine.addPerson(name));
  const visitors = await Visitors.around(machine);
  for (const name of PEOPLE) await visitors.settle(name);
  const bench = new SessionsBench(machine, visitors, uids);

  const connecting = await bench.connecting(quick ? 2 : 5);
  const idle = await bench.idle();
  const relay = await bench.relay();
  const relayed = summary(relay.agesUs.map((us) => us / 1000));
  const figures: Figure[] = [
    ...times('connect → first picture, never logged in', connecting.cold, 4000),
    ...times('connect → first picture, logged in before', connecting.warm, 2000, connecting.plain),
    ...times('connect → first picture, desktop open', connecting.kept, 2000),
    { name: 'two accounts at once, never logged in: the slower', unit: 'ms', value: Math.max(...connecting.together), atMost: 4000 },
    { name: 'an idle session with its display server, Pss', unit: 'MiB', value: Math.max(...idle.mebibytes), atMost: 250 },
    { name: 'eight idle sessions at once: missing', unit: '', value: PEOPLE.length - idle.alive, atMost: 0 },
    { name: '… all of them, Pss', unit: 'MiB', value: idle.mebibytes.reduce((sum, each) => sum + each, 0) },
    { name: '… all of them, and the host with a viewer each', unit: 'cores', value: idle.cores },
    { name: 'the relay at 20 Mbit/s, from one process to the other, median', unit: 'ms', value: relayed.median, atMost: 1 },
    { name: '… p95', unit: 'ms', value: relayed.p95 },
    { name: '… both ends together', unit: '% of a core', value: (relay.workerCpuUs + relay.hostCpuUs) / 1e4 / MEASURED_SECONDS, atMost: 5 },
  ];
  return report(
    'sessions, in the lab’s container; peer: the same login, X server, window manager and terminal by plain systemd-run',
    figures,
  );
}

/** The slowest is what is held to the bound: who comes home waits for that one. */
function times(name: string, values: readonly number[], atMost: number, peer?: readonly number[]): readonly Figure[] {
  const { median } = summary(values);
  return [
    { name: `${name}, median`, unit: 'ms', value: median, ...(peer === undefined ? {} : { peer: summary(peer).median }) },
    { name: `${name}, slowest of ${values.length}`, unit: 'ms', value: Math.max(...values), atMost },
  ];
}

interface Connecting {
  readonly cold: readonly number[];
  readonly warm: readonly number[];
  readonly kept: readonly number[];
  readonly together: readonly number[];
  /** Without Usher. */
  readonly plain: readonly number[];
}

interface Idle {
  readonly alive: number;
  readonly mebibytes: readonly number[];
  readonly cores: number;
}

interface Relayed {
  readonly agesUs: readonly number[];
  readonly workerCpuUs: number;
  readonly hostCpuUs: number;
}

class SessionsBench {
  readonly #machine: UsherMachine;
  readonly #visitors: Visitors;
  readonly #uids: ReadonlyMap<string, number>;

  constructor(machine: UsherMachine, visitors: Visitors, uids: ReadonlyMap<string, number>) {
    this.#machine = machine;
    this.#visitors = visitors;
    this.#uids = uids;
  }

  async connecting(rounds: number): Promise<Connecting> {
    const others = PEOPLE.filter((name) => !COLD_TOGETHER.some((cold) => cold === name)).slice(0, rounds);
    const cold: number[] = [];
    const warm: number[] = [];
    const kept: number[] = [];
    const plain: number[] = [];
    for (const name of others) {
      cold.push(await this.#firstPicture(name));
      kept.push(await this.#firstPicture(name));
      await this.#end(name);
      plain.push(await this.#plainly(name));
      warm.push(await this.#firstPicture(name));
      await this.#end(name);
    }
    const together = await Promise.all(COLD_TOGETHER.map((name) => this.#firstPicture(name)));
    return { cold, warm, kept, together, plain };
  }

  /** Everybody stays, and nobody does anything. */
  async idle(): Promise<Idle> {
    const { container } = this.#machine;
    for (const name of PEOPLE) this.#visitors.stay(name);
    for (const name of PEOPLE) await desktopOf(container, name);
    await pause(SETTLING_MS);
    const groups = ['user.slice', 'system.slice/usher-host.service', 'system.slice/usher-broker.service'];
    const used = async () =>
      (await Promise.all(groups.map((group) => coreSecondsOf(container, group)))).reduce((sum, each) => sum + each, 0);
    const before = await used();
    await pause(IDLE_SECONDS * 1000);
    const cores = ((await used()) - before) / IDLE_SECONDS;
    const mebibytes: number[] = [];
    let alive = 0;
    for (const uid of this.#uids.values()) {
      mebibytes.push(await mebibytesOf(container, uid));
      const worker = await container.run(['pgrep', '--uid', String(uid), '--full', 'worker/dist/main.js$']);
      if (worker.status === 0) alive += 1;
    }
    return { alive, mebibytes, cores };
  }

  /** Ends everybody's session, and opens one with a worker that does nothing but send. */
  async relay(): Promise<Relayed> {
    const { container } = this.#machine;
    await container.must(['systemctl', 'stop', 'usher-host.service']);
    for (const name of ['relay-worker', 'relay-host']) {
      const program = await bundle(new URL(`./inside/${name}.ts`, import.meta.url));
      await writeFile(container.path(`${PROGRAMS}/${name}.mjs`), program, { mode: 0o644 });
    }
    await this.#machine.useWorker(`${PROGRAMS}/relay-worker.mjs`);
    await this.#machine.freshBroker();
    const said = Reader.json(
      await container.must(['node', `${PROGRAMS}/relay-host.mjs`, BROKER_SOCKET, SOMEBODY], { user: 'usher' }),
      'relay',
    );
    const ages = said.raw('agesUs');
    if (!Array.isArray(ages) || ages.length > PICTURES_MAX) throw new Error('the relay measured nothing');
    return { agesUs: ages.map(Number), workerCpuUs: said.integer('workerCpuUs', 0, 1e9), hostCpuUs: said.integer('hostCpuUs', 0, 1e9) };
  }

  async #firstPicture(name: string): Promise<number> {
    const { answer, errors } = await this.#visitors.visit(name, ['--seconds', VISIT_SECONDS]);
    if (!answer.boolean('ok')) throw new Error(`${name} saw nothing: ${errors}`);
    return Number(answer.object('video').raw('firstFrameMs'));
  }

  /** Ends the session by its unit; resolves once nothing of it is left. */
  async #end(name: string): Promise<void> {
    const uid = this.#uids.get(name) ?? 0;
    const watch = await PersonWatch.begin(this.#machine.container, [uid]);
    await this.#machine.container.must(['systemctl', 'stop', `usher-session-${uid}.service`]);
    await watch.gone();
  }

  /** The same login, by hand, up to a picture of its terminal. */
  async #plainly(name: string): Promise<number> {
    const began = performance.now();
    const login = [
      'systemd-run',
      '--quiet',
      '--collect',
      '--wait',
      '--pipe',
      '-p',
      'PAMName=usher',
      `--uid=${name}`,
      '-E',
      'XDG_SESSION_CLASS=user',
    ];
    await this.#machine.container.must([...login, 'timeout', PLAIN_SECONDS_MAX, 'sh', '-c', PLAIN_DESKTOP]);
    const took = performance.now() - began;
    const uid = this.#uids.get(name) ?? 0;
    const watch = await PersonWatch.begin(this.#machine.container, [uid]);
    await this.#machine.container.run(['/usr/lib/usher-broker/reap-sessions', String(uid)]);
    await watch.gone();
    return took;
  }
}

const PLAIN_DESKTOP = `
  directory=$(mktemp -d)
  Xvfb -displayfd 3 -screen 0 1280x720x24 -nolisten tcp 3>"$directory/display" >/dev/null 2>&1 &
  server=$!
  until test -s "$directory/display"; do sleep 0.01; done
  export DISPLAY=:$(cat "$directory/display")
  openbox --startup xterm >/dev/null 2>&1 &
  until xdotool search --onlyvisible --class xterm >/dev/null 2>&1; do sleep 0.02; done
  xwd -root -silent -out /dev/null
  rm -r "$directory"
  kill $server
  wait $server || true`;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
