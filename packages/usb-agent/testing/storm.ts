import { type Fingerprint, isCoded, type UsbDeviceQuery } from '@usher/protocol';
import type { UsbClaimHandle, UsbClient } from '@usher/usb';

/** In one claim's life. */
const LOST_CONNECTIONS_MAX = 5;
/** On a machine that stands still now and then, an OPEN may take longer than its time; what it leaves behind counts all the more. */
const OPENS_MAX = 3;
/** How long a device that was plugged in may take to be listed. */
const LISTED_WITHIN_MS = 60_000;
const READ = { endpoint: 0x81, length: 64, timeoutMs: 60_000 } as const;

/** One unit of a serial board that echoes, and its cable. */
export interface StormBoard {
  readonly serial: string;
  pull(): Promise<void>;
  plugIn(): Promise<void>;
}

/** Whoever lends the boards. */
export interface StormAgent {
  /** A viewer, by default one that was never there; `detach` loses its connection, and what it held waits for it. */
  attach(device?: Fingerprint): { readonly client: UsbClient; readonly device: Fingerprint; readonly detach: () => void };
  /** Serial numbers of what is plugged in, as the agent sees it. */
  serials(): Promise<readonly (string | undefined)[]>;
}

/**
 * A storm on each board, all at once: it is opened, its viewer's connection is lost and it is resumed, it is closed or pulled, with a read under
 * way or without, until there were `events` of all these. Gives their number; rejects once every storm is over, with what was first not as it should be.
 */
export async function storms(boards: readonly StormBoard[], agent: StormAgent, events: number): Promise<number> {
  const ends = await Promise.allSettled(
    boards.map((board, index) => storm(board, agent, { events: events / boards.length, seed: index + 1 })),
  );
  let seen = 0;
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    seen += end.value;
  }
  return seen;
}

/** One board's part. The same `seed` is the same storm. */
async function storm(
  board: StormBoard,
  agent: StormAgent,
  { events, seed }: { readonly events: number; readonly seed: number },
): Promise<number> {
  const next = numbers(seed);
  const query = { vendorId: '1209', productId: '0001', serial: board.serial };
  let viewer = agent.attach();
  let seen = 0;
  while (seen < events) {
    let claim = await opened(viewer.client, query);
    const lost = Math.floor(next() * (LOST_CONNECTIONS_MAX + 1));
    for (let time = 0; time < lost; time += 1) {
      viewer.detach();
      viewer = agent.attach(viewer.device);
      claim = await viewer.client.resume(claim.resumeToken);
      await expectEcho(claim, time);
    }
    const pending = next() < 0.5 ? ending(claim) : undefined;
    if (next() < 0.2) {
      await board.pull();
      await claim.closed;
      await pending;
      await board.plugIn();
      await untilListed(board.serial, agent);
    } else {
      await claim.close();
      await pending;
    }
    seen += 2 + 2 * lost;
  }
  viewer.detach();
  return seen;
}

async function opened(client: UsbClient, query: UsbDeviceQuery): Promise<UsbClaimHandle> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.open(query);
    } catch (error) {
      if (attempt === OPENS_MAX || !isCoded(error, 'usb.timeout')) throw error;
    }
  }
}

async function expectEcho(claim: UsbClaimHandle, byte: number): Promise<void> {
  await claim.bulk({ endpoint: 0x02, data: Uint8Array.of(byte), timeoutMs: 10_000 });
  const echo = await claim.bulk(READ);
  if (echo.length !== 1 || echo[0] !== byte) throw new Error(`a board answered ${[...echo].join(' ')} to ${byte}`);
}

/** A read that nothing answers; it must end because of what is done to its claim. */
async function ending(claim: UsbClaimHandle): Promise<void> {
  try {
    await claim.bulk(READ);
  } catch (error) {
    if (isCoded(error, 'usb.device-gone') || isCoded(error, 'usb.closed')) return;
    throw error;
  }
  throw new Error('a read ended well that nothing answered');
}

async function untilListed(serial: string, agent: StormAgent): Promise<void> {
  const deadline = performance.now() + LISTED_WITHIN_MS;
  while (!(await agent.serials()).includes(serial)) {
    if (performance.now() > deadline) throw new Error(`${serial} did not come back`);
  }
}

/** A small generator of numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}
