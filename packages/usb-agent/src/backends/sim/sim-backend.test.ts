import { describeBackend } from '@usher/usb/testing';
import { describe, expect, it } from 'vitest';
import { SerialBoard } from './serial-board.ts';
import { SimBackend } from './sim-backend.ts';

describeBackend('simulated', () => {
  const board = new SerialBoard();
  const backend = new SimBackend([board]);
  return Promise.resolve({
    backend,
    query: { vendorId: '1209', productId: '0001', serial: 'SIM-ACM-1' },
    silent: { endpoint: 0x81, kind: 'bulk' },
    plugTwin: () => {
      const twin = new SerialBoard();
      backend.plug(Object.assign(twin, { identity: { ...twin.identity, serial: 'SIM-ACM-2' } }));
      return Promise.resolve();
    },
    unplug: () => {
      backend.unplug(board);
      return Promise.resolve();
    },
    end: () => backend.close(),
  });
});

describe('simulated bus', () => {
  it('U2.6: holds a security key, a serial board, a printer and a stick', async () => {
    const devices = await new SimBackend().list();
    expect(devices.map(({ vendorId, productId }) => `${vendorId}:${productId}`)).toEqual([
      '1050:0407',
      '1209:0001',
      '1209:0002',
      '1209:0003',
    ]);
    expect(
      devices.every(({ serial, product, manufacturer }) => serial !== undefined && product !== undefined && manufacturer !== undefined),
    ).toBe(true);
  });

  it('U2.1: a device that is plugged in is told of, until nobody listens', () => {
    const backend = new SimBackend([]);
    const events: string[] = [];
    const stop = backend.onHotplug(({ kind, device }) => events.push(`${kind} ${device.busLocation}`));
    const board = new SerialBoard();
    backend.plug(board);
    backend.unplug(board);
    backend.unplug(board);
    stop();
    backend.plug(board);
    expect(events).toEqual(['added sim=1 addr=1', 'removed sim=1 addr=1']);
  });
});
