import { fingerprint } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { isAdvertised, txtRecord } from './advertisement.ts';

const host = {
  ...{ name: 'den', fingerprint: fingerprint('ab'.repeat(32)), version: '0.1.0', isolatingProfiles: false },
  ...{ bind: '::', port: 9939 },
};

describe('P5.6: what the network is told', () => {
  it('P5.6: who it is, and that it knows profiles', () => {
    expect(txtRecord(host)).toEqual({ v: '0.1.0', id: 'abababababababab', fp: 'ab'.repeat(32), prof: '1', iso: '0' });
    expect(txtRecord({ ...host, isolatingProfiles: true })).toMatchObject({ iso: '1' });
  });

  it('P5.6: fits into one TXT string each (RFC 6763 §6.1)', () => {
    for (const [key, value] of Object.entries(txtRecord(host))) expect(`${key}=${value}`.length).toBeLessThanOrEqual(255);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('P5.6: nothing, where the host listens on %s alone', (bind) => {
    expect(isAdvertised(bind)).toBe(false);
  });

  it.each(['::', '0.0.0.0', '192.168.1.5', 'fd00::5', 'den.example'])('P5.6: something, where it listens on %s', (bind) => {
    expect(isAdvertised(bind)).toBe(true);
  });
});
