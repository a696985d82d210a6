import { CodedError } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { RunningTransfers } from './running-transfers.ts';

const closed = new CodedError('usb.closed', 'handle is closed');

/** Ends when told to, with an error of its own. */
function untilStopped(stop: AbortSignal): Promise<string> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new Error('stopped'));
    if (stop.aborted) fail();
    else stop.addEventListener('abort', fail, { once: true });
  });
}

function failure(code: string): unknown {
  return expect.objectContaining({ code });
}

describe('running transfers', () => {
  const never = new AbortController().signal;

  it('U2.1: a transfer’s result is its own, its failure too', async () => {
    const transfers = new RunningTransfers();
    await expect(transfers.run(1000, never, () => 'done')).resolves.toBe('done');
    const stalled = () => {
      throw new CodedError('usb.stall', 'stalled');
    };
    await expect(transfers.run(1000, never, stalled)).rejects.toEqual(failure('usb.stall'));
  });

  it('U1.5: what ends it early says what it was', async () => {
    const transfers = new RunningTransfers();
    await expect(transfers.run(5, never, untilStopped)).rejects.toEqual(failure('usb.timeout'));

    const stop = new AbortController();
    const cancelled = transfers.run(10_000, stop.signal, untilStopped);
    stop.abort();
    await expect(cancelled).rejects.toEqual(failure('usb.cancelled'));
    await expect(transfers.run(10_000, stop.signal, untilStopped)).rejects.toEqual(failure('usb.cancelled'));

    const ended = transfers.run(10_000, never, untilStopped);
    await Promise.all([transfers.end(closed), expect(ended).rejects.toBe(closed)]);
  });

  it('U2.1: after the end nothing begins, and the first reason stays', async () => {
    const transfers = new RunningTransfers();
    await transfers.end(closed);
    await transfers.end(new CodedError('usb.device-gone', 'unplugged'));
    await expect(transfers.run(1000, never, () => 'done')).rejects.toBe(closed);
  });

  it('U2.1: the end waits for transfers that take their time to stop, and a result that still came counts', async () => {
    const transfers = new RunningTransfers();
    let finish: (value: string) => void = () => undefined;
    const slow = transfers.run(10_000, never, () => new Promise<string>((resolve) => (finish = resolve)));
    await Promise.resolve();
    let over = false;
    const ending = transfers.end(closed).then(() => {
      over = true;
    });
    await Promise.resolve();
    expect(over).toBe(false);
    finish('arrived');
    await expect(slow).resolves.toBe('arrived');
    await ending;
  });
});
