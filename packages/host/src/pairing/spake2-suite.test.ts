import { fingerprint, fromHex, Spake2Side, toHex } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { spake2Suite } from './spake2-suite.ts';

/** RFC 9382, appendix B, first vector of SPAKE2-P256-SHA256-HKDF-HMAC. */
const RFC = {
  w: 0x2ee57912099d31560b3a44b1184b9b4866e904c49d12ac5042c97dca461b1a5fn,
  x: 0x43dd0fd7215bdcb482879fca3220c6a968e66d70b1356cac18bb26c84a78d729n,
  y: 0xdcb60106f276b02606d8ef0a328c02e4b629f84f89786af5befb0bc75b6e66ben,
  shareA:
    '04a56fa807caaa53a4d28dbb9853b9815c61a411118a6fe516a8798434751470f9010153ac33d0d5f2047ffdb1a3e42c9b4e6be662766e1eeb4116988ede5f912c',
  shareB:
    '0406557e482bd03097ad0cbaa5df82115460d951e3451962f1eaf4367a420676d09857ccbc522686c83d1852abfa8ed6e4a1155cf8f1543ceca528afb591a1e0b7',
};
const identities = { device: fingerprint('11'.repeat(32)), host: fingerprint('22'.repeat(32)) };

describe('the SPAKE2 suite', () => {
  it('RFC 9382 B: makes the shares of the first vector', () => {
    const device = new Spake2Side(spake2Suite, 'device', '', identities, { w: RFC.w, secret: RFC.x });
    const host = new Spake2Side(spake2Suite, 'host', '', identities, { w: RFC.w, secret: RFC.y });
    expect(toHex(device.share)).toBe(RFC.shareA);
    expect(toHex(host.share)).toBe(RFC.shareB);
  });

  it('P9.1: two sides with one PIN confirm each other; with two PINs, or another certificate, they don’t', () => {
    const confirm = (pin: string, host = identities.host) => {
      const one = new Spake2Side(spake2Suite, 'device', '123456', identities);
      const other = new Spake2Side(spake2Suite, 'host', pin, { ...identities, host });
      return one.matches(one.finish(other.share).hostConfirmation, other.finish(one.share).hostConfirmation);
    };
    expect(confirm('123456')).toBe(true);
    expect(confirm('123457')).toBe(false);
    expect(confirm('123456', fingerprint('33'.repeat(32)))).toBe(false);
  });

  it.each([
    ['', 'nothing'],
    [`04${'00'.repeat(64)}`, 'a point off the curve'],
    ['00', 'the point at infinity'],
  ])('P9.1: %s is no share: %s', (hex) => {
    const host = new Spake2Side(spake2Suite, 'host', '123456', identities);
    expect(() => host.finish(fromHex(hex))).toThrow(expect.objectContaining({ code: 'message.malformed' }));
  });
});
