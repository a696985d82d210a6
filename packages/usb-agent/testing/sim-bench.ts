import { randomBytes } from 'node:crypto';
import { AbuseMeter, ClaimTable, type Loopback, openLoopback, platformClock, type UsbClaimHandle } from '@usher/usb';
import { ALLOW_ALL } from '@usher/usb/testing';
import { SimBackend } from '../src/backends/sim/sim-backend.ts';
import type { SimDevice } from '../src/backends/sim/sim-device.ts';

/** A viewer and the simulated devices, with the whole protocol between them. */
export function simLoopback(...devices: SimDevice[]): Loopback & { readonly backend: SimBackend } {
  const backend = new SimBackend(devices);
  const clock = platformClock(() => performance.now());
  const claims = new ClaimTable({ clock, random: (length) => randomBytes(length) });
  const loopback = openLoopback({
    viewer: 'viewer',
    backend,
    claims,
    policy: ALLOW_ALL,
    abuse: new AbuseMeter(clock),
    audit: () => undefined,
  });
  return { ...loopback, backend };
}

/** Opens the only device of a bench, does something with it, and ends everything. */
export async function withClaim(
  device: SimDevice,
  ids: { readonly vendorId: string; readonly productId: string },
  use: (claim: UsbClaimHandle) => Promise<void>,
) {
  const bench = simLoopback(device);
  try {
    await use(await bench.client.open(ids));
  } finally {
    await bench.close();
  }
}
