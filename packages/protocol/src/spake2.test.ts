import { randomBytes, timingSafeEqual } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { concat, toHex, utf8 } from './bytes.ts';
import { isCoded } from './errors.ts';
import { fingerprint } from './ids.ts';
import { confirmations, type PairingIdentities, Spake2Side, type Spake2Suite } from './spake2.ts';

const suite: Spake2Suite = {
  base: p256.Point.BASE,
  order: p256.Point.Fn.ORDER,
  point: (bytes) => p256.Point.fromBytes(bytes),
  sha256: (message) => sha256(message),
  hmac: (key, message) => hmac(sha256, key, message),
  hkdf: (key, info, length) => hkdf(sha256, key, undefined, info, length),
  random: (length) => randomBytes(length),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
};
const identities: PairingIdentities = { device: fingerprint('a1'.repeat(32)), host: fingerprint('b2'.repeat(32)) };

/** RFC 9382, appendix B, first vector: A = 'server', B = 'client'. */
const RFC = {
  w: 0x2ee57912099d31560b3a44b1184b9b4866e904c49d12ac5042c97dca461b1a5fn,
  x: 0x43dd0fd7215bdcb482879fca3220c6a968e66d70b1356cac18bb26c84a78d729n,
  y: 0xdcb60106f276b02606d8ef0a328c02e4b629f84f89786af5befb0bc75b6e66ben,
  shareA:
    '04a56fa807caaa53a4d28dbb9853b9815c61a411118a6fe516a8798434751470f9010153ac33d0d5f2047ffdb1a3e42c9b4e6be662766e1eeb4116988ede5f912c',
  shareB:
    '0406557e482bd03097ad0cbaa5df82115460d951e3451962f1eaf4367a420676d09857ccbc522686c83d1852abfa8ed6e4a1155cf8f1543ceca528afb591a1e0b7',
  confirmationA: '58ad4aa88e0b60d5061eb6b5dd93e80d9c4f00d127c65b3b35b1b5281fee38f0',
  confirmationB: 'd3e2e547f1ae04f2dbdbf0fc4b79f8ecff2dff314b5d32fe9fcef2fb26dc459b',
} as const;

describe('RFC 9382, P256-SHA256-HKDF-HMAC, vector 1', () => {
  const a = new Spake2Side(suite, 'device', '', identities, { w: RFC.w, secret: RFC.x });
  const b = new Spake2Side(suite, 'host', '', identities, { w: RFC.w, secret: RFC.y });

  it('P9.1: both shares are the published ones', () => {
    expect(toHex(a.share)).toBe(RFC.shareA);
    expect(toHex(b.share)).toBe(RFC.shareB);
  });

  it('P9.1: both confirmations of the published transcript are the published ones', () => {
    const shared = p256.Point.fromBytes(b.share).subtract(blindOfHost().multiply(RFC.w)).multiply(RFC.x).toBytes(false);
    const w = p256.Point.Fn.toBytes(RFC.w);
    const transcript = concat([utf8('server'), utf8('client'), a.share, b.share, shared, w].flatMap((part) => [length(part), part]));
    const keys = confirmations(suite, transcript);
    expect(toHex(keys.deviceConfirmation)).toBe(RFC.confirmationA);
    expect(toHex(keys.hostConfirmation)).toBe(RFC.confirmationB);
  });
});

describe('two sides', () => {
  const meet = (devicePin: string, hostPin: string, seenByHost: PairingIdentities = identities) => {
    const device = new Spake2Side(suite, 'device', devicePin, identities);
    const host = new Spake2Side(suite, 'host', hostPin, seenByHost);
    return { device, atDevice: device.finish(host.share), atHost: host.finish(device.share) };
  };

  it('P9.1: the same PIN and the same fingerprints give the same keys', () => {
    const { device, atDevice, atHost } = meet('042917', '042917');
    expect(device.matches(atDevice.hostConfirmation, atHost.hostConfirmation)).toBe(true);
    expect(device.matches(atHost.deviceConfirmation, atDevice.deviceConfirmation)).toBe(true);
  });

  it('P9.1: one’s confirmation is not the other’s, so it can’t be played back', () => {
    const { device, atDevice } = meet('042917', '042917');
    expect(device.matches(atDevice.hostConfirmation, atDevice.deviceConfirmation)).toBe(false);
  });

  it.each([
    ['another PIN', '042918', identities],
    ['another device certificate', '042917', { ...identities, device: fingerprint('c3'.repeat(32)) }],
    ['another host certificate', '042917', { ...identities, host: fingerprint('d4'.repeat(32)) }],
  ] as const)('P9.1: %s gives other keys', (_what, hostPin, seenByHost) => {
    const { device, atDevice, atHost } = meet('042917', hostPin, seenByHost);
    expect(device.matches(atDevice.hostConfirmation, atHost.hostConfirmation)).toBe(false);
    expect(device.matches(atHost.deviceConfirmation, atDevice.deviceConfirmation)).toBe(false);
  });

  it('P9.1: two ceremonies with the same PIN share nothing', () => {
    const [one, other] = [meet('042917', '042917'), meet('042917', '042917')];
    expect(toHex(one.atHost.hostConfirmation)).not.toBe(toHex(other.atHost.hostConfirmation));
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a point that is not on the curve', concat([Uint8Array.of(4), new Uint8Array(63), Uint8Array.of(1)])],
    ['a coordinate beyond the field', concat([Uint8Array.of(4), new Uint8Array(64).fill(0xff)])],
    ['noise', new Uint8Array(65).fill(0x5a)],
    ['half a point', p256.Point.BASE.toBytes(false).slice(0, 40)],
  ])('P9.1: a share that is %s is refused', (_what, share) => {
    const device = new Spake2Side(suite, 'device', '042917', identities);
    expect(() => device.finish(share)).toThrow(expect.objectContaining({ code: 'message.malformed' }));
  });

  it('P9.1: a share that cancels the shared secret is refused', () => {
    const device = new Spake2Side(suite, 'device', '', identities, { w: RFC.w, secret: RFC.x });
    const cancelling = blindOfHost().multiply(RFC.w).toBytes(false);
    expect(() => device.finish(cancelling)).toThrow(expect.objectContaining({ code: 'message.malformed' }));
  });

  it('P9.1: a confirmation of another length never matches', () => {
    const { device, atDevice } = meet('042917', '042917');
    expect(device.matches(atDevice.hostConfirmation, atDevice.hostConfirmation.slice(1))).toBe(false);
  });

  it('P9.1: a random source that gives only zeros is refused', () => {
    const broken: Spake2Suite = { ...suite, random: (length) => new Uint8Array(length) };
    expect(() => new Spake2Side(broken, 'device', '042917', identities)).toThrow(RangeError);
  });
});

it('P9.1: no message of a refusal carries the PIN', () => {
  const device = new Spake2Side(suite, 'device', '042917', identities);
  try {
    device.finish(new Uint8Array(65));
    expect.unreachable();
  } catch (error) {
    expect(isCoded(error)).toBe(true);
    expect(String(error)).not.toContain('042917');
  }
});

/** The point N of RFC 9382 §4. */
function blindOfHost() {
  return p256.Point.fromHex('03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49');
}

function length(part: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(part.length), true);
  return bytes;
}
