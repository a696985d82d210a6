import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import type { HostProcess } from './host-process.ts';
import { type Ended, usher } from './usher.ts';

/** What a device asks for when it connects. */
export interface Wish {
  readonly profile?: string;
  readonly passcode?: string;
  readonly args?: readonly string[];
  /** Sees each line for people as it comes. */
  readonly heard?: (line: string) => void;
}

/** The people around one host: the operator with its API, and devices that are files, each with `usher connect`. */
export class People {
  readonly #host: HostProcess;
  readonly #directory: string;

  /** `directory` takes the device keys. */
  constructor(host: HostProcess, directory: string) {
    this.#host = host;
    this.#directory = directory;
  }

  /** One visit of the device, which wants pictures for a second. */
  connect(device: string, { profile, passcode, args = [], heard }: Wish = {}): Promise<Ended> {
    return usher(
      [
        ...['connect', this.#host.url, '--key', join(this.#directory, `${device}.json`), '--name', device, '--seconds', '1', '--json'],
        ...(profile === undefined ? [] : ['--profile', profile]),
        ...(passcode === undefined ? [] : ['--passcode-stdin']),
        ...args,
      ],
      { ...(passcode === undefined ? {} : { input: `${passcode}\n` }), ...(heard === undefined ? {} : { heard }) },
    );
  }

  /** A command for this host, which it finds by itself; with `--json`. */
  manage(args: readonly string[], input = ''): Promise<Ended> {
    return usher([...args, '--home', this.#host.home, '--json'], { input });
  }

  /** Pairs the device: it knocks, and the operator lets it in, to a profile if one is given. Gives its fingerprint. */
  async pair(device: string, profile?: string): Promise<string> {
    let approval: Promise<Ended> | undefined;
    const key = join(this.#directory, `${device}.json`);
    await usher(['connect', this.#host.url, '--key', key, '--name', device, '--seconds', '1', '--json'], {
      heard: (line) => {
        if (line.startsWith('The operator has')) approval = this.#approve(device, profile);
      },
    });
    if ((await approval)?.exitCode !== 0) throw new Error(`${device} was not let in`);
    return this.fingerprintOf(device);
  }

  async fingerprintOf(device: string): Promise<string> {
    const { body } = await this.#host.api('GET', '/api/v1/native/clients');
    const clients = Reader.of(body, 'clients').list(
      'clients',
      100,
      (client) => [client.string('name'), client.string('fingerprint')] as const,
    );
    const found = clients.find(([name]) => name === device);
    if (found === undefined) throw new Error(`${device} is not paired`);
    return found[1];
  }

  /** A new profile's id. `fields` as the API takes them; without an account it is the operator's. */
  async profile(name: string, fields: Readonly<Record<string, unknown>> = {}, passcode?: string): Promise<string> {
    const input = { display_name: name, os_account: { kind: 'operator' }, ...fields };
    const { status, body } = await this.#host.api('POST', '/api/v1/profiles', input);
    if (status !== 201) throw new Error(`the profile was not made: ${JSON.stringify(body)}`);
    const id = Reader.of(body, 'profile').string('id');
    if (passcode !== undefined) await this.#done('POST', `/api/v1/profiles/${id}/passcode`, { passcode });
    return id;
  }

  async makeDefault(profile: string): Promise<void> {
    await this.#done('PUT', '/api/v1/profiles/default', { profile_id: profile });
  }

  async unassign(fingerprint: string): Promise<void> {
    await this.#done('DELETE', `/api/v1/profiles/devices/${fingerprint}`);
  }

  async removeProfile(id: string): Promise<void> {
    await this.#done('DELETE', `/api/v1/profiles/${id}?running=end`);
  }

  async #approve(device: string, profile: string | undefined): Promise<Ended> {
    const { body } = await this.#host.api('GET', '/api/v1/native/pending');
    const waiting = Reader.of(body, 'pending').list('pending', 100, (knock) => [knock.string('name'), knock.string('id')] as const);
    const id = waiting.find(([name]) => name === device)?.[1] ?? 'nobody';
    return this.manage(['devices', 'approve', id, ...(profile === undefined ? [] : ['--profile', profile])]);
  }

  async #done(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await this.#host.api(method, path, body);
    if (answer.status !== 204) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  }
}
