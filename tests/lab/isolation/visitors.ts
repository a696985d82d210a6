import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { eventually } from '../../harness/eventually.ts';
import type { Container } from '../container/container.ts';
import type { UsherMachine } from './usher-machine.ts';

const HOME = '/var/lib/usher';
const URL = 'https://127.0.0.1:9939';
/** Somebody on the network: no account of Usher's, no member of anything. */
const VISITOR = 'visitor';
/** A host on a machine that does other things. */
const START_MS = 30_000;
/** Longer than any test. */
const STAY_SECONDS = 7200;

/** The operator and the devices around the host of a machine: `usher …` as the host's account, `usher connect` as somebody else's. */
export class Visitors {
  readonly #container: Container;

  private constructor(container: Container) {
    this.#container = container;
  }

  /** Starts the host of the machine, on its loopback. */
  static async around(machine: UsherMachine): Promise<Visitors> {
    const { container } = machine;
    const directory = container.path('/etc/systemd/system/usher-host.service.d');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'loopback.conf'), '[Service]\nEnvironment=USHER_BIND=127.0.0.1\n');
    await container.must(['useradd', '--create-home', VISITOR]);
    await container.must(['systemctl', 'daemon-reload']);
    const visitors = new Visitors(container);
    await visitors.startHost();
    return visitors;
  }

  /** The same with people of the machine, each of whom has an account, and a device that is assigned to it. */
  static async ofPeople(machine: UsherMachine, names: readonly string[]): Promise<Visitors> {
    for (const name of names) await machine.addPerson(name);
    const visitors = await Visitors.around(machine);
    for (const name of names) await visitors.settle(name);
    return visitors;
  }

  async startHost(): Promise<void> {
    await this.#container.must(['systemctl', 'start', 'usher-host.service']);
    await this.hostIsReady();
  }

  /** Waits for the host that runs by now to say so; one before it doesn't count. */
  async hostIsReady(): Promise<void> {
    const isReady = async () => {
      const show = ['systemctl', 'show', 'usher-host.service', '--property=MainPID', '--value'];
      const pid = (await this.#container.must(show)).trim();
      if (pid === '0') return undefined;
      const log = await this.#container.must(['journalctl', '--output=cat', `_PID=${pid}`]);
      return log.includes('"ready":true') ? true : undefined;
    };
    await eventually('the host is ready', isReady, START_MS);
  }

  /** A device of that name, paired and assigned to a new profile of the account. */
  async settle(account: string): Promise<string> {
    const profile = (await this.#manage(['profiles', 'create', account, '--account', account])).object('profile').string('id');
    const pin = (await this.#manage(['pair'])).string('pin');
    const { answer } = await this.visit(account, ['--pin', pin, '--seconds', '1']);
    if (!answer.boolean('ok')) throw new Error(`${account} could not pair: ${answer.optionalString('message') ?? ''}`);
    const devices = (await this.#manage(['devices'])).list(
      'devices',
      100,
      (client) => [client.string('name'), client.string('fingerprint')] as const,
    );
    const fingerprint = devices.find(([name]) => name === account)?.[1] ?? '';
    await this.#manage(['profiles', 'assign', profile, fingerprint]);
    return profile;
  }

  /** One visit of a device, to wherever it belongs; ends with what it received. */
  async visit(device: string, args: readonly string[]): Promise<{ readonly answer: Reader; readonly errors: string }> {
    const { stdout, stderr } = await this.#container.run(visitCommand(device, args), { user: VISITOR });
    return { answer: lastLine(stdout, stderr), errors: stderr };
  }

  /** A visit that lasts as long as the machine. */
  stay(device: string): void {
    const { stdout, stderr } = this.#container.start(visitCommand(device, ['--seconds', String(STAY_SECONDS)]), { user: VISITOR });
    for (const stream of [stdout, stderr]) stream.resume();
  }

  async #manage(args: readonly string[]): Promise<Reader> {
    const { stdout, stderr } = await this.#container.run(['usher', ...args, '--home', HOME, '--json'], { user: 'usher' });
    return lastLine(stdout, stderr);
  }
}

function visitCommand(device: string, args: readonly string[]): readonly string[] {
  return ['usher', 'connect', URL, '--key', `/home/${VISITOR}/${device}.json`, '--name', device, '--json', ...args];
}

function lastLine(stdout: string, stderr: string): Reader {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`no answer: ${stdout}${stderr}`);
  return Reader.json(line, 'usher');
}
