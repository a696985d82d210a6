import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprints, profileIds } from '../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip, readsOrFailsByCode } from '../testing/codec-properties.ts';
import { codeOf, describeVectors } from '../testing/vector-suite.ts';
import {
  accountName,
  BROKER_REFUSALS,
  BrokerLines,
  type BrokerReply,
  type BrokerRequest,
  brokerToken,
  decodeBrokerReply,
  decodeBrokerRequest,
  encodeBrokerReply,
  encodeBrokerRequest,
  MAX_BROKER_LINE,
  REFUSAL_FIRST_BYTE,
} from './broker.ts';
import { utf8 } from './bytes.ts';
import { OPERATOR } from './ids.ts';

const request = { encode: encodeBrokerRequest, decode: decodeBrokerRequest };
const reply = { encode: encodeBrokerReply, decode: decodeBrokerReply };

const accounts = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,31}$/).map(accountName);
const tokens = fc.stringMatching(/^[0-9a-f]{32}$/).map(brokerToken);
const profiles = profileIds.filter((id) => id !== OPERATOR);

const requests: fc.Arbitrary<BrokerRequest> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: fc.integer({ min: 1, max: 9999 }) }),
  fc.record({ type: fc.constant('check' as const), account: accounts }),
  fc.record({ type: fc.constant('bind' as const), profile: profiles, account: accounts }),
  fc.record({ type: fc.constant('unbind' as const), profile: profiles }),
  fc.record({ type: fc.constant('open' as const), token: tokens, profile: profiles, device: fingerprints }),
  fc.record({ type: fc.constant('close' as const), profile: profiles }),
);
const replies: fc.Arbitrary<BrokerReply> = fc.oneof(
  fc.record({ type: fc.constant('ok' as const) }),
  fc.record({ type: fc.constant('welcome' as const), token: tokens }),
  fc.record({ type: fc.constant('refused' as const), refusal: fc.constantFrom(...BROKER_REFUSALS) }),
);

describeVectors('broker', { BrokerRequest: request, BrokerReply: reply });

describe('a line between host and broker', () => {
  it('B1: comes back as it went, within 160 bytes', () => {
    assertRoundTrip(requests, request);
    assertRoundTrip(replies, reply);
    fc.assert(fc.property(requests, (value) => encodeBrokerRequest(value).length <= MAX_BROKER_LINE));
  });

  it('V6: fails by a code, whatever it is', () => {
    assertFailsByCode(requests, request);
    assertFailsByCode(replies, reply);
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => readsOrFailsByCode(() => decodeBrokerRequest(utf8(`${text}\n`)))));
  });

  it('B1: has one spelling: whatever is read is written the same', () => {
    const lines = fc
      .array(fc.constantFrom('HELLO', 'OPEN', 'BIND', '1', '01', ' ', '  ', 'kid', '0123456789ab', 'operator', '\t', '\r'), {
        maxLength: 6,
      })
      .map((words) => `${words.join(' ')}\n`);
    fc.assert(
      fc.property(lines, (text) => {
        readsOrFailsByCode(() => expect(encodeBrokerRequest(decodeBrokerRequest(utf8(text)))).toEqual(utf8(text)));
      }),
    );
  });

  it("B3: never names the operator's profile", () => {
    expect(() => encodeBrokerRequest({ type: 'close', profile: OPERATOR })).toThrow(RangeError);
  });

  it.each(['', '-x', '.x', '1kid', 'Kid', 'kid/..', 'kid name', 'kíd', 'k'.repeat(33), 'kid\n', '%u', '$(id)'])(
    'B3: no account is called %j',
    (name) => {
      expect(codeOf(() => accountName(name))).toBe('message.malformed');
    },
  );

  it("B6: a refusal begins with a byte that no worker's first envelope has", () => {
    fc.assert(fc.property(replies, (value) => (value.type === 'refused') === (encodeBrokerReply(value)[0] === REFUSAL_FIRST_BYTE)));
    expect(REFUSAL_FIRST_BYTE).not.toBe(0);
  });
});

describe('a stream of lines', () => {
  it('B1: is cut into the same lines, whatever pieces it arrives in', () => {
    fc.assert(
      fc.property(fc.array(requests, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (values, cuts) => {
        const stream = values.flatMap((value) => [...encodeBrokerRequest(value)]);
        const lines = new BrokerLines();
        const read: BrokerRequest[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const length = cuts[cut % cuts.length] ?? 1;
          for (const line of lines.push(Uint8Array.from(stream.slice(at, at + length)))) read.push(decodeBrokerRequest(line));
          at += length;
        }
        expect(read).toEqual(values);
        expect(lines.waiting).toBe(0);
      }),
    );
  });

  it('B1: ends with a line that is too long', () => {
    const lines = new BrokerLines();
    expect([...lines.push(new Uint8Array(MAX_BROKER_LINE).fill(0x41))]).toEqual([]);
    expect(lines.waiting).toBe(MAX_BROKER_LINE);
    expect(codeOf(() => [...lines.push(Uint8Array.of(0x0a))])).toBe('frame.oversized');
  });

  it('B1: holds back a line that has not ended', () => {
    const lines = new BrokerLines();
    expect([...lines.push(utf8('HELLO'))]).toEqual([]);
    expect(lines.waiting).toBe(5);
    expect([...lines.push(utf8(' 1\nHE'))].map((line) => String.fromCharCode(...line))).toEqual(['HELLO 1\n']);
    expect(lines.waiting).toBe(2);
  });
});
