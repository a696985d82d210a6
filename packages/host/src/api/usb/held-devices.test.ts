import { CodedError } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../testing/fake-clock.ts';
import type { DeviceSource, OpenedDevice } from './device-source.ts';
import { HeldDevices } from './held-devices.ts';

const UNIT = { vendor_id: '105A', product_id: '0407' };

let clock: FakeClock;
let held: HeldDevices;
let closed: number;
let fails: CodedError | undefined;

const source: DeviceSource = {
  devices: () => Promise.resolve({ devices: [] }),
  probe: () => Promise.reject(new CodedError('usb.denied', 'no')),
  open: () => Promise.resolve(device),
};
const answer = () => (fails === undefined ? Promise.resolve({ data: 'AAE=' }) : Promise.reject(fails));
const device: OpenedDevice = {
  descriptors: () => Promise.resolve({ device_hex: '', configuration_hex: '', strings: [] }),
  control: answer,
  bulk: answer,
  interrupt: answer,
  close: () => {
    closed += 1;
    return Promise.resolve();
  },
};
const transfer = (handle: string) => held.use(handle, (one) => one.bulk({ endpoint: 1, length: 0, timeout_ms: 1 }));

beforeEach(() => {
  clock = new FakeClock();
  held = new HeldDevices(clock);
  closed = 0;
  fails = undefined;
});

describe('devices that the API holds', () => {
  it('U4.4: have names that can’t be guessed, and are given back once', async () => {
    const { handle, ...opened } = await held.open(source, UNIT);
    expect(handle).toMatch(/^[0-9a-f]{16}$/);
    expect(opened).toEqual({ vendor_id: '105a', product_id: '0407', serial: null, opened_unix: clock.unix() });
    expect(held.list()).toHaveLength(1);
    await held.close(handle);
    expect([closed, held.list()]).toEqual([1, []]);
    await expect(held.close(handle)).rejects.toMatchObject({ code: 'api.not-found' });
  });

  it('U4.4: are forgotten where nothing is asked of them; use keeps them', async () => {
    const { handle } = await held.open(source, UNIT);
    const { handle: unused } = await held.open(source, UNIT);
    await clock.advance(5 * 60_000);
    await transfer(handle);
    await clock.advance(90_000);
    expect(held.list().map((one) => one.handle)).toEqual([handle]);
    await expect(transfer(unused)).rejects.toMatchObject({ code: 'api.not-found' });
  });

  it.each([
    ['usb.stall', true],
    ['usb.timeout', true],
    ['usb.closed', false],
    ['usb.device-gone', false],
    ['usb.backend-unavailable', false],
  ] as const)('U1.7: after %s they are held: %s', async (code, stays) => {
    const { handle } = await held.open(source, UNIT);
    fails = new CodedError(code, 'no');
    await expect(transfer(handle)).rejects.toMatchObject({ code });
    expect(held.list()).toHaveLength(stays ? 1 : 0);
  });

  it('U1.11: are bounded', async () => {
    for (let count = 0; count < 36; count += 1) await held.open(source, UNIT);
    await expect(held.open(source, UNIT)).rejects.toMatchObject({ code: 'usb.claim-limit' });
    held.forgetAll();
    expect((await held.open(source, UNIT)).vendor_id).toBe('105a');
  });
});
