import { describe, expect, it } from 'vitest';
import { reportOf, reportText } from './report.ts';

const findings = {
  profile: 'operator',
  hostFingerprint: 'ab'.repeat(32),
  stats: {
    codec: 'h264',
    atMs: 1,
    video: { width: 1280, height: 720, frames: 90, keyframes: 1, bytes: 5000, packets: 100, packetsLost: 0, dropped: 0, delayMs: 0 },
    audio: { packets: 30, bytes: 2400, packetsLost: 0 },
  },
  firstFrameMs: 123.456,
  roundTripsMs: [5, 1, 2.3456],
} as const;

describe('the answer of usher connect', () => {
  it('design §6: has exactly these fields when pictures came', () => {
    expect(reportOf(findings, undefined)).toEqual({
      ok: true,
      profile: 'operator',
      hostFingerprint: 'ab'.repeat(32),
      video: { codec: 'h264', width: 1280, height: 720, frames: 90, keyframes: 1, bytes: 5000, firstFrameMs: 123.46 },
      audio: { packets: 30, bytes: 2400 },
      rttMs: 2.35,
    });
  });

  it('design §6: has the lent devices where the host lends any', () => {
    const devices = [{ vendorId: '1050', productId: '0407', serial: undefined, busLocation: 'sim=1' }];
    expect(reportOf({ ...findings, usbDevices: devices }, undefined).usb).toEqual({
      devices: [{ vendor_id: '1050', product_id: '0407', serial: null, bus_location: 'sim=1' }],
    });
    expect(reportOf({ ...findings, usbDevices: [] }, undefined).usb).toEqual({ devices: [] });
  });

  it('P9.2: names the host’s reason for refusing a profile, so that a script can tell them apart', () => {
    const failure = {
      code: 'profile.rejected',
      status: 'SessionUnavailable',
      message: 'no',
      reject: 'SessionUnavailable',
      detail: 'NoBroker',
    } as const;
    expect(reportOf({}, failure)).toMatchObject({ status: -14, reject: 'SessionUnavailable', detail: 'NoBroker' });
  });

  it('design §6: has the same form when nothing came about', () => {
    const failure = { code: 'pairing.cooling-down', status: 'RateLimited', message: 'wait', retrySeconds: 2 } as const;
    expect(reportOf({}, failure)).toEqual({
      ok: false,
      code: 'pairing.cooling-down',
      status: -22,
      message: 'wait',
      retrySeconds: 2,
      profile: null,
      hostFingerprint: null,
      video: { codec: null, width: 0, height: 0, frames: 0, keyframes: 0, bytes: 0, firstFrameMs: null },
      audio: { packets: 0, bytes: 0 },
      rttMs: null,
    });
  });

  it('design §6: an early end keeps what was received', () => {
    const report = reportOf(findings, { code: 'session.worker-lost', status: 'SessionUnavailable', message: 'gone' });
    expect(report).toMatchObject({ ok: false, status: -14, video: { frames: 90 } });
    expect(reportText(report)).toMatch(/Failed: gone \(session\.worker-lost, status -14\)[\s\S]*90 frames/);
  });

  it('design §6: people read the same', () => {
    expect(reportText(reportOf(findings, undefined))).toMatch(/Pictures came\.[\s\S]*h264 1280×720, 90 frames[\s\S]*123\.46 ms/);
  });
});
