import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildUsherDebs, type UsherDebs } from '../../../packaging/usher-debs.ts';
import { removeDirectory } from '../../harness/temporary-directory.ts';
import { Container } from '../container/container.ts';
import { prepareRoot } from '../container/root.ts';
import { bundle } from '../vm/bundle.ts';
import { RemotePeer, type RemoteSocket } from './remote-sockets.ts';

export const BROKER_SOCKET = '/run/usher-broker/broker.sock';
/** Where the tests' own programs lie in the container. */
export const PROGRAMS = '/opt/usher-lab';
export const SESSION_PROGRAM = `${PROGRAMS}/session-program.mjs`;
const PEER = `${PROGRAMS}/peer.mjs`;
/** What everybody may be opened with: any device. */
export const DEVICE = 'ab'.repeat(32);

/** A machine with Usher's packages installed, and people on it. */
export class UsherMachine implements AsyncDisposable {
  readonly container: Container;
  readonly debs: UsherDebs;
  /** A directory outside of the container, as long as the machine is there. */
  readonly work: string;

  private constructor(container: Container, debs: UsherDebs, work: string) {
    this.container = container;
    this.debs = debs;
    this.work = work;
  }

  /** A container with the packages beside it, not installed. */
  static async boot(): Promise<UsherMachine> {
    const work = await mkdtemp(join(tmpdir(), 'usher-lab-debs-'));
    const [debs, root] = await Promise.all([buildUsherDebs(work), prepareRoot(() => undefined)]);
    const container = await Container.boot(root);
    return new UsherMachine(container, debs, work);
  }

  /** With both packages and the tests' programs. */
  static async withBroker(): Promise<UsherMachine> {
    const machine = await UsherMachine.boot();
    try {
      await machine.install(machine.debs.usher, machine.debs.broker);
      await machine.addTestPrograms();
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  async install(...debs: readonly string[]): Promise<void> {
    const inside = debs.map((deb) => `/root/${basename(deb)}`);
    await Promise.all(debs.map((deb) => copyFile(deb, this.container.path(`/root/${basename(deb)}`))));
    await this.container.must(['dpkg', '--install', ...inside]);
  }

  /** Somebody with an account; a member of usher-users unless told otherwise. Gives back the uid. */
  async addPerson(name: string, { isMember = true } = {}): Promise<number> {
    await this.container.must(['useradd', '--create-home', '--shell', '/bin/bash', name]);
    if (isMember) await this.container.must(['usermod', '--append', '--groups', 'usher-users', name]);
    return Number(await this.container.must(['id', '-u', name]));
  }

  /** Has the broker start another program in place of the worker; the sessions that run end. */
  async useWorker(program: string): Promise<void> {
    const directory = this.container.path('/etc/systemd/system/usher-broker.service.d');
    await mkdir(directory, { recursive: true });
    const start = `/usr/bin/node --jitless /usr/lib/usher-broker/broker.mjs --worker ${program}`;
    await writeFile(join(directory, 'worker.conf'), `[Service]\nExecStart=\nExecStart=${start}\n`);
    await this.container.must(['systemctl', 'daemon-reload']);
    await this.container.must(['systemctl', 'stop', 'usher-broker.service']);
  }

  /** Ends every session and forgets every binding; the audit stays. */
  async freshBroker(): Promise<void> {
    await this.container.must(['systemctl', 'stop', 'usher-broker.service']);
    await rm(this.container.path('/var/lib/usher-broker/accounts'), { force: true });
  }

  /** A process with the host's uid, or with another's. */
  peer(user = 'usher'): RemotePeer {
    return new RemotePeer(this.container, PEER, user);
  }

  /** A control connection and its token. */
  async control(peer: RemotePeer, path = BROKER_SOCKET): Promise<Control> {
    const socket = await peer.connect(path);
    socket.write('HELLO 1\n');
    const answer = (await socket.line()) ?? '';
    const token = /^OK ([0-9a-f]{32})\n$/.exec(answer)?.[1];
    if (token === undefined) throw new Error(`the broker answered HELLO with ${JSON.stringify(answer)} ${socket.problem ?? ''}`);
    return new Control(socket, token, () => peer.connect(path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container[Symbol.asyncDispose]();
    await removeDirectory(this.work);
  }

  /** What peer and sessions are made of. */
  async addTestPrograms(): Promise<void> {
    const directory = this.container.path(PROGRAMS);
    await mkdir(directory, { recursive: true });
    for (const name of ['peer', 'session-program', 'watch-person']) {
      await writeFile(join(directory, `${name}.mjs`), await bundle(new URL(`./programs/${name}.ts`, import.meta.url)));
    }
    await this.container.must(['chmod', '-R', 'a+rX', PROGRAMS]);
  }
}

/** A host's lifeline, as a test holds it. */
export class Control {
  readonly socket: RemoteSocket;
  readonly token: string;
  readonly #connect: () => Promise<RemoteSocket>;

  constructor(socket: RemoteSocket, token: string, connect: () => Promise<RemoteSocket>) {
    this.socket = socket;
    this.token = token;
    this.#connect = connect;
  }

  /** One line there, one back, without its line feed. */
  async ask(line: string): Promise<string> {
    this.socket.write(`${line}\n`);
    return ((await this.socket.line()) ?? 'closed').trimEnd();
  }

  /** A profile that is that account from now on. */
  async bind(account: string): Promise<string> {
    const profile = randomBytes(6).toString('hex');
    const answer = await this.ask(`BIND ${profile} ${account}`);
    if (answer !== 'OK') throw new Error(`BIND was answered with ${answer}`);
    return profile;
  }

  /** The connection of a session, whatever becomes of it. */
  async open(profile: string): Promise<RemoteSocket> {
    const socket = await this.#connect();
    socket.write(`OPEN ${this.token} ${profile} ${DEVICE}\n`);
    return socket;
  }
}
