import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AccountName, accountName, type ProfileId, profileId, RejectReason, UnavailableDetail } from '@usher/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { RecordedAudit } from '../../testing/fake-profiles.ts';
import { bounded } from '../../testing/host-process.ts';
import { device } from '../../testing/story.ts';
import { TestBroker } from '../../testing/test-broker.ts';
import { systemClock as clock } from '../clock.ts';
import { ProfileRejected } from '../profile-rejected.ts';
import { Accounts } from './accounts.ts';
import { BindingsFile } from './bindings-file.ts';
import { BrokerClient } from './broker-client.ts';
import type { Person } from './person.ts';

const RELAY_WORKER = fileURLToPath(new URL('../../testing/programs/relay-worker.ts', import.meta.url));
const WORKER = [process.execPath, '--conditions=@usher/source', '--import', 'tsx', RELAY_WORKER] as const;
const WITHIN_MS = 45_000;

const log = pino({ level: 'silent' });
const kids = profileId('0123456789ab');
const person = (account: string, id: ProfileId = kids): Person => ({ id, name: 'Kids', account: accountName(account) });

let directory: string;
let broker: TestBroker;
let client: BrokerClient;
let accounts: Accounts;
let told: BindingsFile;
let audit: RecordedAudit;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-accounts-'));
  const known = { kid: undefined, zoe: undefined, guest: 'NotMember' } as const;
  broker = await TestBroker.listen({ accounts: known, worker: WORKER });
  audit = new RecordedAudit();
  client = await connectTo(broker.socketPath);
  await begin();
});
afterEach(async () => {
  client.stop();
  await broker[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

async function connectTo(socketPath: string): Promise<BrokerClient> {
  const made = new BrokerClient({ socketPath, clock, log, ownUid: process.getuid?.() });
  await bounded(new Promise<void>((resolve) => made.onChange(resolve)), WITHIN_MS, 'the broker to answer');
  return made;
}

/** As a host that starts, with what the last one has written down. */
async function begin(): Promise<void> {
  told = await BindingsFile.open(join(directory, 'broker_bindings.json'), log);
  accounts = new Accounts({ broker: client, socketPath: broker.socketPath, told, audit, log });
}

/** Opens, and says whose worker answered. */
async function open(of: Person): Promise<string | undefined> {
  const { socket } = await bounded(accounts.open(of, device(1), new AbortController().signal), WITHIN_MS, 'the account to open');
  socket.on('error', () => {}).resume();
  return [...broker.workers.keys()].at(-1);
}

async function rejectOf(of: Person) {
  try {
    await open(of);
  } catch (error) {
    if (error instanceof ProfileRejected) return error.reject;
    throw error;
  }
  throw new Error('it was opened');
}

describe('what the broker is told of a profile', () => {
  it('B4: is said once, before the profile is first opened', async () => {
    expect(await open(person('kid'))).toBe('kid');
    await accounts.close(kids);
    await open(person('kid'));
    expect(audit.of('account.bound')).toEqual([{ account: 'kid', outcome: 'bound' }]);
  });

  it('SEC: a profile that got another account while there was no broker never opens the old one', async () => {
    await accounts.bound(person('kid'));
    await begin();
    expect(await open(person('zoe'))).toBe('zoe');
    expect([...broker.bound]).toEqual([[kids, 'zoe']]);
  });

  it('P1.8: what is no profile any more is forgotten when the broker is there again', async () => {
    const gone = profileId('ba9876543210');
    await accounts.bound(person('kid'));
    await accounts.bound(person('zoe', gone));
    await begin();
    await accounts.settle([person('kid')]);
    expect([...broker.bound]).toEqual([[kids, 'kid']]);
    expect(told.all()).toEqual([[kids, 'kid']]);
  });

  it('B4: with its session open is forgotten once that has ended', async () => {
    await open(person('kid'));
    await accounts.released(kids);
    expect([broker.bound.size, broker.workers.size]).toEqual([0, 0]);
  });

  it('B5: is said again where root has removed it', async () => {
    await accounts.bound(person('kid'));
    broker.bound.clear();
    expect(await open(person('kid'))).toBe('kid');
  });

  it('P6.5: is refused for who isn’t eligible, and asked again the next time', async () => {
    await accounts.bound(person('guest'));
    expect(told.all()).toEqual([]);
    expect(await rejectOf(person('guest'))).toMatchObject({
      ...{ reason: RejectReason.SessionUnavailable, detail: UnavailableDetail.LoginFailed },
      message: "“Kids” can't be opened: guest is not in group usher-users: sudo usermod -aG usher-users guest",
    });
    expect(audit.of('account.bound')).toEqual(Array(2).fill({ account: 'guest', outcome: 'NotMember' }));
  });

  it('design §6: is begun anew where the file can’t be read', async () => {
    const path = join(directory, 'broker_bindings.json');
    await accounts.bound(person('kid'));
    await rm(path);
    await begin();
    expect(await open(person('kid'))).toBe('kid');
  });
});

describe('a session that is asked for', () => {
  it('B6: is refused by PAM after the broker has agreed', async () => {
    broker.logins.set('kid', 'LoginRefused');
    expect(await rejectOf(person('kid'))).toMatchObject({ detail: UnavailableDetail.LoginFailed });
  });

  it('B6: whose worker ends without a word has failed', async () => {
    await using silent = await TestBroker.listen({ accounts: { kid: undefined }, worker: [process.execPath, '-e', ''] });
    const other = await connectTo(silent.socketPath);
    accounts = new Accounts({ broker: other, socketPath: silent.socketPath, told, audit, log });
    expect(await rejectOf(person('kid'))).toMatchObject({ detail: UnavailableDetail.LoginFailed });
    other.stop();
  });

  it('B7: waits for one of ours that is ending', async () => {
    await open(person('kid'));
    expect(await open(person('kid'))).toBe('kid');
    expect(broker.workers.size).toBe(1);
  });

  it('P6.6: never ends one of another host', async () => {
    await open(person('kid'));
    const before = broker.workers.get('kid');
    const another = await connectTo(broker.socketPath);
    accounts = new Accounts({ broker: another, socketPath: broker.socketPath, told, audit, log });
    expect(await rejectOf(person('kid'))).toMatchObject({ reason: RejectReason.Occupied });
    expect(broker.workers.get('kid')).toBe(before);
    another.stop();
  });

  it('P6.4: without a broker is NoBroker', async () => {
    client.stop();
    expect(await rejectOf(person('kid'))).toMatchObject({ detail: UnavailableDetail.NoBroker });
  });
});

describe('a broker that isn’t one', () => {
  const account: AccountName = accountName('kid');

  it.each([
    ['answers what nobody asked', 'OK\n'],
    ['asks itself', 'HELLO 1\n'],
    ['says more than a line', 'x'.repeat(161)],
  ])('B1: that %s is let go of, and looked for again', async (_case, bytes) => {
    const gone = new Promise<void>((resolve) => client.onChange(resolve));
    broker.sayOnControl(bytes);
    await bounded(gone, WITHIN_MS, 'the host to let go of it');
    expect(client.isThere).toBe(false);
    await expect(client.check(account)).rejects.toMatchObject({ code: 'broker.unavailable' });
    await bounded(new Promise<void>((resolve) => client.onChange(resolve)), WITHIN_MS, 'the broker to be found again');
    expect(await client.check(account)).toBeUndefined();
  });

  it('SEC: on a socket of somebody else’s isn’t spoken to', async () => {
    const socketPath = join(directory, 'other.sock');
    let calls = 0;
    const server = createServer(() => {
      calls += 1;
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const stranger = new BrokerClient({ socketPath, clock, log, ownUid: 12_345 });
    // Root's own is spoken to by everybody, so that a test that runs as root sees the opposite.
    const heard = new Promise<void>((resolve) => server.once('connection', () => resolve()));
    if (process.getuid?.() === 0) await bounded(heard, WITHIN_MS, 'a call');
    else await expect.poll(() => stranger.problem).toContain('is not spoken to');
    expect(calls > 0).toBe(process.getuid?.() === 0);
    stranger.stop();
    await new Promise((resolve) => server.close(resolve));
  });
});
