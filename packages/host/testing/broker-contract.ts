import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  type AccountName,
  accountName,
  decodeWorkerMessage,
  EnvelopeDecoder,
  MAX_RELAY_MESSAGE,
  type ProfileId,
  profileId,
} from '@usher/protocol';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrokerClient } from '../src/broker/broker-client.ts';
import { type OpenedSession, openSession } from '../src/broker/open-session.ts';
import { systemClock as clock } from '../src/clock.ts';
import { bounded } from './host-process.ts';
import { device } from './story.ts';

/** A broker to be held to the rules, and the accounts of its machine. */
export interface BrokerTarget extends AsyncDisposable {
  readonly socketPath: string;
  /** Two that may be opened, and have no session. */
  readonly people: readonly [string, string];
  /** One that isn't in `usher-users`. */
  readonly stranger: string;
}

/** A broker under systemd opens a login within seconds on a slow machine, and ends one within two (rule B7); the rest is for a busy one. */
const OPENS_WITHIN_MS = 45_000;
const ENDS_WITHIN_MS = 30_000;

/** What every broker does for the host (rules B2–B7): over the one of the tests, and over root's in the container lab. */
export function brokerContract(name: string, open: () => Promise<BrokerTarget>): void {
  describe(`${name} keeps the contract`, () => {
    let target: BrokerTarget;
    let client: BrokerClient;
    let one: ProfileId;
    let other: ProfileId;
    let person: AccountName;

    beforeAll(async () => {
      target = await open();
    });
    afterAll(() => target[Symbol.asyncDispose]());
    beforeEach(async () => {
      [one, other] = [newProfile(), newProfile()];
      person = accountName(target.people[0]);
      client = await connected(target.socketPath);
    });
    afterEach(async () => {
      for (const profile of [one, other]) {
        await client.close(profile);
        await client.unbind(profile);
      }
      client.stop();
    });

    const ask = (profile: ProfileId, of = client) => openAs(target.socketPath, of, profile);

    it('B4: says who may be opened', async () => {
      const answers = await Promise.all(
        [...target.people, target.stranger, 'nobody-of-this-name', 'root'].map((account) => client.check(accountName(account))),
      );
      expect(answers).toEqual([undefined, undefined, 'NotMember', 'NoAccount', 'SystemAccount']);
    });

    it('B4: keeps which profile is whom, each account once', async () => {
      expect(await client.bind(one, person)).toBeUndefined();
      expect(await client.bind(one, person)).toBeUndefined();
      expect(await client.bind(other, person)).toBe('AccountTaken');
      expect(await client.bind(other, accountName(target.stranger))).toBe('NotMember');
      expect(await client.unbind(one)).toBeUndefined();
      expect(await client.unbind(one)).toBeUndefined();
      expect(await client.bind(other, person)).toBeUndefined();
    });

    it('B5: opens nothing but what is bound, for nobody but the holder of a token', async () => {
      expect(await ask(one)).toMatchObject({ outcome: 'refused', refusal: 'NotBound' });
      await client.bind(one, person);
      const before = await connected(target.socketPath);
      const { token } = before;
      before.stop();
      await bounded(refusedAs(target.socketPath, token, one), ENDS_WITHIN_MS, 'a token without its connection to be refused');
    });

    it('B6, W9: hands the connection to a worker of that account, which speaks first', async () => {
      await client.bind(one, person);
      const opened = await ask(one);
      expect(firstMessage(opened)).toMatchObject({ type: 'hello', account: person });
    });

    it('B5: has one session for an account, and changes nothing of a profile that is open', async () => {
      await client.bind(one, person);
      await ask(one);
      expect(await ask(one)).toMatchObject({ outcome: 'refused', refusal: 'Occupied' });
      expect([await client.unbind(one), await client.bind(one, accountName(target.people[1]))]).toEqual(['StillOpen', 'StillOpen']);
    });

    it('B7: ends a session with CLOSE, and only one’s own', async () => {
      await client.bind(one, person);
      const closed = closeOf(await ask(one));
      const stranger = await connected(target.socketPath);
      expect([await client.close(other), await stranger.close(one)]).toEqual(['NotOpen', 'NotOpen']);
      stranger.stop();
      expect(await bounded(client.close(one), ENDS_WITHIN_MS, 'CLOSE')).toBeUndefined();
      await bounded(closed, ENDS_WITHIN_MS, 'the connection to end');
      expect(await ask(one)).toMatchObject({ outcome: 'opened' });
    });

    it('B7: ends a session with the host’s end of its connection', async () => {
      await client.bind(one, person);
      const opened = await ask(one);
      const closed = closeOf(opened);
      if (opened.outcome === 'opened') opened.socket.end();
      await bounded(closed, ENDS_WITHIN_MS, 'the connection to end');
      await client.close(one);
      expect(await ask(one)).toMatchObject({ outcome: 'opened' });
    });

    it('B2: ends every session with the control connection that opened it, and leaves the others', async () => {
      const [mine, theirs] = [client, await connected(target.socketPath)];
      await mine.bind(one, person);
      await mine.bind(other, accountName(target.people[1]));
      const [closed, stays] = [closeOf(await ask(one, mine)), await ask(other, theirs)];
      mine.stop();
      await bounded(closed, ENDS_WITHIN_MS, 'the session to end with its lifeline');
      expect(stays.outcome === 'opened' && stays.socket.destroyed).toBe(false);
      client = theirs;
    });
  });
}

function newProfile(): ProfileId {
  return profileId(randomBytes(6).toString('hex'));
}

async function connected(socketPath: string): Promise<BrokerClient> {
  const client = new BrokerClient({ socketPath, clock, log: pino({ level: 'silent' }), ownUid: process.getuid?.() });
  await bounded(new Promise<void>((resolve) => client.onChange(resolve)), ENDS_WITHIN_MS, 'the broker to answer');
  return client;
}

async function openAs(socketPath: string, { token }: BrokerClient, profile: ProfileId): Promise<OpenedSession> {
  if (token === undefined) throw new RangeError('the client has no token');
  const opened = await bounded(
    openSession(socketPath, { type: 'open', token, profile, device: device(1) }, new AbortController().signal),
    OPENS_WITHIN_MS,
    'an answer to OPEN',
  );
  if (opened.outcome === 'opened') opened.socket.on('data', () => {}).resume();
  return opened;
}

/** The broker sees the end of a connection a moment after it was made; until then the token holds. */
async function refusedAs(socketPath: string, token: BrokerClient['token'], profile: ProfileId): Promise<void> {
  if (token === undefined) throw new RangeError('no token');
  for (;;) {
    const opened = await openSession(socketPath, { type: 'open', token, profile, device: device(1) }, new AbortController().signal);
    if (opened.outcome === 'refused' && opened.refusal === 'UnknownToken') return;
    if (opened.outcome === 'opened') opened.socket.destroy();
  }
}

function firstMessage(opened: OpenedSession) {
  if (opened.outcome !== 'opened') throw new Error(`refused: ${opened.refusal}`);
  const [first] = [...new EnvelopeDecoder(MAX_RELAY_MESSAGE).push(opened.first)];
  return first === undefined ? undefined : decodeWorkerMessage(first);
}

function closeOf(opened: OpenedSession): Promise<unknown> {
  if (opened.outcome !== 'opened') throw new Error(`refused: ${opened.refusal}`);
  return once(opened.socket, 'close');
}
