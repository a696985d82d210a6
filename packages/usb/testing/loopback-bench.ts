import { AbuseMeter } from '../src/abuse.ts';
import { ClaimTable } from '../src/claims.ts';
import { openLoopback } from '../src/loopback.ts';
import type { AccessPolicy } from '../src/policy.ts';
import { countedBytes } from './counted-bytes.ts';
import { FakeBackend, type FakeDevice } from './fake-backend.ts';
import { ManualClock } from './manual-clock.ts';
import { ALLOW_ALL } from './provider-bench.ts';

interface LoopbackOptions {
  readonly policy?: AccessPolicy;
  readonly maxPerViewer?: number;
}

/** Fake devices and their host's side; each `connect` is another channel of the same viewer. */
export function loopbackBench(devices: readonly FakeDevice[], { policy = ALLOW_ALL, ...limits }: LoopbackOptions = {}) {
  const backend = new FakeBackend(...devices);
  const clock = new ManualClock();
  const claims = new ClaimTable({ clock, random: countedBytes(), ...limits });
  const viewer = { viewer: 'viewer-1', backend, claims, policy, abuse: new AbuseMeter(clock), audit: () => undefined };
  return { backend, clock, claims, connect: () => openLoopback(viewer) };
}
