import { fingerprint, Spake2Side } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { RecordedAudit } from '../../testing/fake-profiles.ts';
import { createPairingWindow, type PairingCeremonies } from './pairing-window.ts';
import { spake2Suite } from './spake2-suite.ts';

const host = fingerprint('22'.repeat(32));
const device = fingerprint('11'.repeat(32));

let clock: FakeClock;
let logged: string[];
let pairing: PairingCeremonies;

beforeEach(() => {
  clock = new FakeClock();
  logged = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  pairing = createPairingWindow({ clock, log, host, audit: new RecordedAudit() });
});

const side = (pin: string) => new Spake2Side(spake2Suite, 'device', pin, { device, host });
const request = (share: Uint8Array) => ({ name: 'Laptop', share });

describe('the pairing window', () => {
  it('P9.1: arms a PIN of six digits for two minutes', async () => {
    const pins = Array.from({ length: 50 }, () => pairing.arm().pin);
    expect(pins.every((pin) => /^\d{6}$/.test(pin))).toBe(true);
    expect(new Set(pins).size).toBeGreaterThan(40);
    expect(pairing.expiresUnix()).toBe(clock.unix() + 120);
    await clock.advance(119_999);
    expect(pairing.expiresUnix()).toBeDefined();
    await clock.advance(1);
    expect(pairing.expiresUnix()).toBeUndefined();
  });

  it('P9.1: can be disarmed', () => {
    pairing.arm();
    pairing.disarm();
    expect(pairing.expiresUnix()).toBeUndefined();
  });

  it('P9.1: proves to the device that the host knows the PIN, and knows the device’s proof', () => {
    const { pin } = pairing.arm();
    const viewer = side(pin);
    const ceremony = pairing.begin(request(viewer.share), device);
    const keys = viewer.finish(ceremony.challenge.share);
    expect(viewer.matches(keys.hostConfirmation, ceremony.challenge.confirmation)).toBe(true);
    expect(ceremony.accepts(keys.deviceConfirmation)).toBe(true);
    expect(ceremony.accepts(keys.hostConfirmation)).toBe(false);
    expect(ceremony.accepts(new Uint8Array())).toBe(false);
  });

  it('P9.1: is disarmed with the challenge, before the proof', () => {
    const viewer = side(pairing.arm().pin);
    pairing.begin(request(viewer.share), device);
    expect(pairing.expiresUnix()).toBeUndefined();
  });

  it('P9.1: says how long to wait between two ceremonies', async () => {
    pairing.begin(request(side(pairing.arm().pin).share), device);
    await clock.advance(500);
    pairing.arm();
    const attempt = () => pairing.begin(request(side('000000').share), device);
    expect(attempt).toThrow(expect.objectContaining({ code: 'pairing.cooling-down', retrySeconds: 2 }));
  });

  it('P9.1: logs neither PIN nor name of a secret', () => {
    const { pin } = pairing.arm();
    pairing.begin(request(side(pin).share), device);
    expect(logged).toHaveLength(2);
    expect(logged.join('')).not.toContain(pin);
    expect(logged.join('')).not.toContain(device);
  });
});
