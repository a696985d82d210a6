import { CodedError, isCoded, type UsbConfigChange, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HotplugEvent, UsbBackend, UsbDeviceHandle, UsbOpenQuery } from '../src/backend.ts';
import { parseConfiguration, parseDeviceDescriptor } from '../src/descriptors.ts';
import { codeOf } from './code-of.ts';

/** A backend with one device plugged in, as the contract needs it. */
export interface BackendUnderTest {
  readonly backend: UsbBackend;
  /** The device, with its serial number. */
  readonly query: UsbOpenQuery & { readonly serial: string };
  /** An endpoint that the device has nothing to say on. */
  readonly silent: { readonly endpoint: number; readonly kind: 'bulk' | 'interrupt' };
  /** Plugs another unit with the same ids in. */
  plugTwin?(): Promise<void>;
  /** Pulls the device's cable. */
  unplug?(): Promise<void>;
  end(): Promise<void>;
}

const NEVER = new AbortController().signal;

/** What every {@link UsbBackend} must do, whatever is behind it: run on the simulation always, on the others where they exist. */
export function describeBackend(name: string, start: () => Promise<BackendUnderTest>): void {
  describe(`backend contract: ${name}`, () => {
    let bench: BackendUnderTest;
    beforeEach(async () => {
      bench = await start();
    });
    afterEach(async () => {
      await bench.end();
    });

    const open = async () => {
      const handle = await bench.backend.open(bench.query);
      try {
        await handle.take();
        return handle;
      } catch (error) {
        await handle.close();
        throw error;
      }
    };
    const read = (handle: UsbDeviceHandle, timeoutMs: number, signal: AbortSignal) => {
      const { endpoint, kind } = bench.silent;
      const request: UsbEndpointRequest = { endpoint, direction: 'in', timeoutMs, length: 64, data: undefined };
      return kind === 'bulk' ? handle.bulk(request, signal) : handle.interrupt(request, signal);
    };

    it('U2.1: lists the device with four-digit ids and a place of its own', async () => {
      const devices = await bench.backend.list();
      const found = devices.find((device) => device.vendorId === bench.query.vendorId && device.productId === bench.query.productId);
      expect(found?.serial).toBe(bench.query.serial);
      expect(devices.every((device) => /^[0-9a-f]{4}$/.test(device.vendorId) && /^[0-9a-f]{4}$/.test(device.productId))).toBe(true);
      expect(new Set(devices.map((device) => device.busLocation)).size).toBe(devices.length);
    });

    it('U2.1: opens it without a serial number, and says who it opened', async () => {
      const { vendorId, productId, serial } = bench.query;
      const handle = await bench.backend.open({ vendorId, productId });
      expect(handle.device).toMatchObject({ vendorId, productId, serial });
      expect(parseConfiguration(handle.configuration).interfaces.length).toBeGreaterThan(0);
      await handle.close();
    });

    it('U2.1: a device that is not there is not found', async () => {
      expect(await codeOf(bench.backend.open({ vendorId: 'dead', productId: 'beef' }))).toBe('usb.not-found');
      expect(await codeOf(bench.backend.open({ ...bench.query, serial: 'another' }))).toBe('usb.not-found');
    });

    it('U2.4: a device that is open already is busy, until it is closed', async () => {
      const handle = await open();
      expect(await codeOf(open())).toBe('usb.device-busy');
      await handle.close();
      const again = await open();
      await again.close();
    });

    it('U2.1: control IN gives as many bytes as were asked for, and no more than there are', async () => {
      const handle = await open();
      const whole = await handle.control(deviceDescriptor(64), NEVER);
      expect(parseDeviceDescriptor(whole)).toMatchObject({ vendorId: bench.query.vendorId, productId: bench.query.productId });
      expect(whole).toHaveLength(18);
      expect(await handle.control(deviceDescriptor(8), NEVER)).toEqual(whole.subarray(0, 8));
      await handle.close();
    });

    it('U2.1: a request that the device does not know is a stall, and the next one works', async () => {
      const handle = await open();
      expect(await codeOf(handle.control({ ...deviceDescriptor(8), requestType: 0xc0, request: 0x77 }, NEVER))).toBe('usb.stall');
      expect(await handle.control(deviceDescriptor(8), NEVER)).toHaveLength(8);
      await handle.close();
    });

    it('U1.5: a transfer ends after its own time, not later', async () => {
      const handle = await open();
      const begun = performance.now();
      expect(await codeOf(read(handle, 50, NEVER))).toBe('usb.timeout');
      const took = performance.now() - begun;
      expect(took).toBeGreaterThan(40);
      expect(took).toBeLessThan(2000);
      await handle.close();
    });

    it('usb-field §4: a transfer can be cancelled, and the endpoint works afterwards', async () => {
      const handle = await open();
      const stop = new AbortController();
      const reading = codeOf(read(handle, 10_000, stop.signal));
      stop.abort();
      expect(await reading).toBe('usb.cancelled');
      expect(await codeOf(read(handle, 20, NEVER))).toBe('usb.timeout');
      await handle.close();
    });

    it('U2.1: closing ends pending transfers, may be repeated, and nothing works afterwards', async () => {
      const handle = await open();
      const pending = [codeOf(read(handle, 10_000, NEVER)), codeOf(read(handle, 10_000, NEVER))];
      await Promise.all([handle.close(), handle.close()]);
      expect(await Promise.all(pending)).toEqual(['usb.closed', 'usb.closed']);
      await handle.close();
      expect(await codeOf(handle.control(deviceDescriptor(8), NEVER))).toBe('usb.closed');
    });

    it('U19: configuration, alternate setting, halts, a reset and interfaces are changed, and the device goes on', async () => {
      const handle = await open();
      const changes: readonly UsbConfigChange[] = [
        { action: 'set-interface', interfaceNumber: 0, alternate: 0 },
        { action: 'clear-halt', endpoint: bench.silent.endpoint },
        { action: 'release-interface', interfaceNumber: 0 },
        { action: 'claim-interface', interfaceNumber: 0 },
        { action: 'reset' },
        { action: 'set-configuration', value: 1 },
      ];
      for (const change of changes) {
        await handle.configure(change, 5000);
        expect(await handle.control(deviceDescriptor(8), NEVER)).toHaveLength(8);
        if (change.action !== 'release-interface') expect(await codeOf(read(handle, 20, NEVER))).toBe('usb.timeout');
      }
      expect(parseConfiguration(handle.configuration).interfaces.length).toBeGreaterThan(0);
      await handle.close();
      const again = await open();
      await again.close();
    });

    it('U1.4: of two units that fit, none is taken; the error lists them', async ({ skip }) => {
      if (bench.plugTwin === undefined) return skip();
      await bench.plugTwin();
      const { vendorId, productId, serial } = bench.query;
      const failure = await bench.backend.open({ vendorId, productId }).catch((error: unknown) => error);
      expect(isCoded(failure, 'usb.ambiguous')).toBe(true);
      expect(failure instanceof CodedError ? failure.message : '').toContain(serial);
      const handle = await open();
      await handle.close();
    });

    it('U2.3: a device that leaves ends its transfers, is told of once, and is gone from the list', async ({ skip }) => {
      if (bench.unplug === undefined) return skip();
      const events: HotplugEvent[] = [];
      bench.backend.onHotplug((event) => events.push(event));
      const handle = await open();
      const gone = new Promise<void>((resolve) => handle.onGone(resolve));
      const pending = codeOf(read(handle, 10_000, NEVER));
      await bench.unplug();
      expect(await pending).toBe('usb.device-gone');
      await gone;
      expect(await codeOf(handle.control(deviceDescriptor(8), NEVER))).toBe('usb.device-gone');
      expect(events.map(({ kind, device }) => [kind, device.serial])).toEqual([['removed', bench.query.serial]]);
      expect((await bench.backend.list()).filter((device) => device.serial === bench.query.serial)).toEqual([]);
      const late = new Promise<void>((resolve) => handle.onGone(resolve));
      await late;
      await handle.close();
    });
  });
}

function deviceDescriptor(length: number): UsbControlRequest {
  return { requestType: 0x80, request: 6, value: 0x0100, index: 0, length, timeoutMs: 1000, data: undefined };
}
