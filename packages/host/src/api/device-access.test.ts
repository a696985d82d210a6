import { deviceApiStatement, deviceKeyStatement } from '@usher/protocol';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakePairedDevices, LAPTOP, pairedDevice, TELEVISION } from '../../testing/fake-services.ts';
import { StoryKey } from '../../testing/story.ts';
import { DeviceAccess } from './device-access.ts';

const phone = new StoryKey();

function setUp() {
  const clock = new FakeClock();
  const paired = new FakePairedDevices([pairedDevice({ key: phone.spki })]);
  const devices = new DeviceAccess({ clock, host: TELEVISION, paired });
  const open = (key = phone) => {
    const { nonce } = devices.challenge('192.0.2.1');
    return devices.open(nonce, key.sign(deviceApiStatement(nonce, TELEVISION))).token;
  };
  // Only the header is read.
  const callerOf = (token: string) => devices.deviceOf({ headers: { authorization: `Bearer ${token}` } } as FastifyRequest)?.fingerprint;
  return { clock, paired, devices, open, callerOf };
}

describe('S12: a device proves over HTTPS who it is', () => {
  it('S12: a signed nonce buys a token for an hour', async () => {
    const { clock, open, callerOf } = setUp();
    const token = open();
    expect(callerOf(token)).toBe(LAPTOP);
    await clock.advance(3_599_999);
    expect(callerOf(token)).toBe(LAPTOP);
    await clock.advance(1);
    expect(() => callerOf(token)).toThrow(/has ended/);
  });

  it('S12: a token is of no use once its device is removed, nor is one made up', async () => {
    const { paired, open, callerOf } = setUp();
    const token = open();
    expect(() => callerOf(`device.${'0'.repeat(64)}`)).toThrow(/has ended/);
    await paired.remove(LAPTOP);
    expect(() => callerOf(token)).toThrow(/has ended/);
  });

  it("S12: the operator's token is not looked at here", () => {
    expect(setUp().callerOf('5e'.repeat(32))).toBeUndefined();
  });

  it('S12: a nonce is good once, and for a minute', async () => {
    const { clock, devices } = setUp();
    const { nonce } = devices.challenge('192.0.2.1');
    const proof = phone.sign(deviceApiStatement(nonce, TELEVISION));
    devices.open(nonce, proof);
    expect(() => devices.open(nonce, proof)).toThrow(/challenge has ended/);
    const late = devices.challenge('192.0.2.1').nonce;
    await clock.advance(60_000);
    expect(() => devices.open(late, phone.sign(deviceApiStatement(late, TELEVISION)))).toThrow(/challenge has ended/);
  });

  it.each([
    ['another host', (nonce: string) => phone.sign(deviceApiStatement(nonce, LAPTOP))],
    ['another nonce', () => phone.sign(deviceApiStatement('0'.repeat(64), TELEVISION))],
    ['a connection (S5)', (nonce: string) => phone.prove(nonce, LAPTOP, TELEVISION)],
    ["somebody else's key", (nonce: string) => ({ ...new StoryKey().sign(deviceApiStatement(nonce, TELEVISION)), spki: phone.spki })],
    ['noise', () => ({ spki: 'AAAA', signature: 'AAAA' })],
  ])('S12: a signature for %s buys nothing, and burns the nonce', (_name, sign) => {
    const { devices } = setUp();
    const { nonce } = devices.challenge('192.0.2.1');
    expect(() => devices.open(nonce, sign(nonce))).toThrow(/does not hold/);
    expect(() => devices.open(nonce, phone.sign(deviceApiStatement(nonce, TELEVISION)))).toThrow(/challenge has ended/);
  });

  it('S12: a device that is not paired is told so', () => {
    expect(() => setUp().open(new StoryKey())).toThrow(/not paired/);
  });

  it('S12: the two statements of a key can not be mistaken for each other', () => {
    expect(deviceApiStatement('n', TELEVISION).split('\n')[0]).not.toBe(deviceKeyStatement('n', TELEVISION, LAPTOP).split('\n')[0]);
  });

  it('S12: eight challenges of one address wait, and 256 in all', async () => {
    const { clock, devices } = setUp();
    for (let index = 0; index < 8; index += 1) devices.challenge('192.0.2.1');
    expect(() => devices.challenge('192.0.2.1')).toThrow(/too many/);
    for (let index = 8; index < 256; index += 1) devices.challenge(`198.51.100.${index}`);
    expect(() => devices.challenge('203.0.113.1')).toThrow(/too many/);
    await clock.advance(60_000);
    devices.challenge('192.0.2.1');
  });

  it('S12: a device has four tokens; one more ends its oldest, and nobody else loses any', () => {
    const { paired, open, callerOf } = setUp();
    const other = new StoryKey();
    void paired.add(pairedDevice({ fingerprint: TELEVISION, key: other.spki }));
    const others = open(other);
    const [first = '', ...rest] = Array.from({ length: 5 }, () => open());
    expect(() => callerOf(first)).toThrow(/has ended/);
    expect(rest.map(callerOf)).toEqual([LAPTOP, LAPTOP, LAPTOP, LAPTOP]);
    expect(callerOf(others)).toBe(TELEVISION);
  });
});
