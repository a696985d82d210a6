import { CodedError, Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { type ClientBench, failure, openedBench } from '../testing/client-bench.ts';
import { settle } from '../testing/provider-bench.ts';
import { CREDIT_WINDOW } from './credits.ts';

const KEY = { vendorId: '1050', productId: '0407' };
const READ = { endpoint: 0x81, length: 8 };

/** A read that waits for a credit, because sixteen before it have had theirs. How it ends comes in an object: a promise would be waited for. */
async function readWithoutCredit({ bench, key }: Awaited<ReturnType<typeof openedBench>>): Promise<{ readonly outcome: Promise<string> }> {
  for (let round = 0; round < CREDIT_WINDOW; round += 1) {
    const read = key.bulk(READ);
    await settle();
    bench.say(Op.Bulk, 7, { ok: true, data: '' });
    await read;
  }
  const outcome = failure(key.bulk(READ));
  await settle();
  return { outcome };
}

describe('close', () => {
  it.each([
    ['CLOSED', (bench: ClientBench) => bench.say(Op.Closed, 7, { ok: true })],
    ['an ERROR, which means closed, too', (bench: ClientBench) => bench.say(Op.Error, 7, { error: 'unknown claim_id 7' })],
    ['nothing, for as long as any reply may take', (bench: ClientBench) => bench.clock.advance(10_000)],
  ])('U1.7: is answered by %s', async (_name, answer) => {
    const { bench, key } = await openedBench();
    const closing = [key.close(), key.close()];
    await settle();
    expect(bench.sent).toEqual(['Close 7']);
    expect(await failure(key.bulk(READ))).toBe('usb.closed: the claim was closed');
    answer(bench);
    await Promise.all(closing);
    await key.close();
    expect(bench.sent).toEqual(['Close 7']);
    expect(await key.closed).toBeUndefined();
    expect(bench.clock.waiting).toBe(0);
  });

  it('U4.2: ends what is pending', async () => {
    const { bench, key } = await openedBench();
    const [read, next] = [failure(key.bulk(READ)), failure(key.bulk(READ))];
    await settle();
    const closing = key.close();
    bench.say(Op.Closed, 7, { ok: true });
    await closing;
    expect([await read, await next]).toEqual(['usb.closed: the claim was closed', 'usb.closed: the claim was closed']);
  });

  it('U4.2: without a channel it is done at once', async () => {
    const { bench, key } = await openedBench();
    bench.sendFailure = new Error('closed');
    await key.close();
    expect(await key.closed).toBeUndefined();
  });

  it('U1.7: a CLOSED without a reason that nobody asked for ends the claim, too', async () => {
    const { bench, key } = await openedBench();
    bench.say(Op.Closed, 7, { ok: true });
    expect(await key.closed).toBeUndefined();
    expect(await failure(key.bulk(READ))).toBe('usb.closed: the claim was closed');
  });

  it('U4.2: a transfer that got its credit too late is not sent any more', async () => {
    const { bench, key } = await openedBench();
    const waiting = (await readWithoutCredit({ bench, key })).outcome;
    const closing = key.close();
    bench.say(Op.Credit, 7, { credits: 1 });
    expect(await waiting).toBe('usb.closed: the claim was closed');
    bench.say(Op.Closed, 7, { ok: true });
    await closing;
    expect(bench.sent.filter((frame) => frame.startsWith('Bulk'))).toHaveLength(16);
  });

  it('usb-wire §0, row 6: a CLOSED that nobody asked for ends the claim, with the host’s reason', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Closed, 7, { ok: false, error: 'the device was unplugged [usb.device-gone]' });
    expect(await read).toBe('usb.device-gone: the device was unplugged');
    expect((await key.closed)?.code).toBe('usb.device-gone');
    expect(await failure(key.bulk(READ))).toBe('usb.device-gone: the device was unplugged');
  });
});

describe('the end of the channel', () => {
  it('U4.2: everything that waits rejects with the reason, and so does what comes later', async () => {
    const { bench, key } = await openedBench();
    const waiting = [failure(key.bulk(READ)), failure(bench.client.list()), failure(bench.client.open(KEY)), failure(bench.client.list())];
    await settle();
    bench.client.shutdown(new CodedError('session.transport', 'the connection was lost'));
    bench.client.shutdown();
    const reason = 'session.transport: the connection was lost';
    expect(await Promise.all(waiting)).toEqual(new Array(4).fill(reason));
    expect(await failure(bench.client.list())).toBe(reason);
    expect(await failure(key.bulk(READ))).toBe(reason);
    expect((await key.closed)?.code).toBe('session.transport');
    expect(bench.clock.waiting).toBe(0);
    await key.close();
  });

  it('U4.2: while a credit is awaited, too', async () => {
    const { bench, key } = await openedBench();
    const waiting = (await readWithoutCredit({ bench, key })).outcome;
    bench.client.shutdown();
    expect(await waiting).toBe('usb.closed: the USB client was shut down');
  });

  it('usb-wire §5.10: a host that is switched off ends transfers as well', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Error, 0, { error: 'usb passthrough disabled' });
    expect(await read).toBe('usb.disabled: usb passthrough disabled');
  });

  it('usb-wire §0, row 5: any other ERROR on claim 0 ends no transfer', async () => {
    const { bench, key } = await openedBench();
    const read = failure(key.bulk(READ));
    await settle();
    bench.say(Op.Error, 0, { error: 'list failed: no bus' });
    bench.say(Op.Bulk, 7, { ok: true, data: '' });
    expect(await read).toBe('it worked');
  });
});
