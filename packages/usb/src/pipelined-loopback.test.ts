import { CodedError } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../testing/code-of.ts';
import { answerAsAsked, type FakeTransfer, fakeDevice, neverAnswers } from '../testing/fake-backend.ts';
import { loopbackBench } from '../testing/loopback-bench.ts';
import { settle } from '../testing/provider-bench.ts';
import type { UsbClaimHandle } from './client-claim.ts';

const QUERY = { vendorId: '1209', productId: '0001' };

/** Each device tells its transfers apart by how much they ask for. */
function counting(served: number[], index: number): FakeTransfer {
  return async (request, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    served[index] = (served[index] ?? 0) + 1;
    return answerAsAsked(request, signal);
  };
}

describe('v2, both sides', () => {
  it('U15: sixteen reads are under way at once', async () => {
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const transfer: FakeTransfer = async (request, signal) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => release.push(resolve));
      running -= 1;
      return answerAsAsked(request, signal);
    };
    const { client, close } = loopbackBench([fakeDevice({ transfer })]).connect();
    const claim = await client.open(QUERY);
    const reads = Array.from({ length: 16 }, (_, at) => claim.bulk({ endpoint: 0x81, length: at + 1 }));
    await settle();
    expect(most).toBe(16);
    for (const go of release.toReversed()) go();
    expect((await Promise.all(reads)).map((data) => data.length)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    await close();
  });

  it('U18: an endpoint that is stuck, with more waiting than the window holds, stops no other', async () => {
    const transfer: FakeTransfer = (request, signal) =>
      'endpoint' in request && request.endpoint === 0x81 ? neverAnswers(request, signal) : answerAsAsked(request, signal);
    const { client, close } = loopbackBench([fakeDevice({ transfer })]).connect();
    const claim = await client.open(QUERY);
    const stuck = Array.from({ length: 200 }, () => codeOf(claim.bulk({ endpoint: 0x81, length: 8 })));
    for (let round = 0; round < 50; round += 1) expect(await claim.interrupt({ endpoint: 0x83, length: 8 })).toHaveLength(8);
    await claim.bulk({ endpoint: 0x02, data: new Uint8Array(300_000) });
    await claim.close();
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['usb.closed']));
    await close();
  });

  it('U17: a cancelled transfer ends at the device, and the next one works', async () => {
    let transfer: FakeTransfer = neverAnswers;
    const { client, close } = loopbackBench([fakeDevice({ transfer: (request, signal) => transfer(request, signal) })]).connect();
    const claim = await client.open(QUERY);
    const stop = new AbortController();
    const reading = codeOf(claim.bulk({ endpoint: 0x81, length: 8, signal: stop.signal }));
    await settle();
    stop.abort(new Error('enough'));
    expect(await reading).toBe('Error: enough');
    transfer = answerAsAsked;
    expect(await claim.bulk({ endpoint: 0x81, length: 8 })).toHaveLength(8);
    await close();
  });

  it('U18, U1.8: after a RESUME what was under way has ended with a code, and sixteen new ones work', async () => {
    let transfer: FakeTransfer = neverAnswers;
    const { connect } = loopbackBench([fakeDevice({ transfer: (request, signal) => transfer(request, signal) })]);
    const first = connect();
    const claim = await first.client.open(QUERY);
    const lost = Array.from({ length: 8 }, () => codeOf(claim.bulk({ endpoint: 0x81, length: 8 })));
    await settle();
    first.client.shutdown(new CodedError('session.transport', 'lost'));
    first.provider.detach();
    expect(new Set(await Promise.all(lost))).toEqual(new Set(['session.transport']));
    transfer = answerAsAsked;
    const second = connect();
    const resumed = await second.client.resume(claim.resumeToken);
    const reads = await Promise.all(Array.from({ length: 16 }, () => resumed.bulk({ endpoint: 0x81, length: 4 })));
    expect(reads.every((data) => data.length === 4)).toBe(true);
    await second.close();
  });

  it('U13: of eight devices at once none starves another, however much one of them is asked for', async () => {
    const served = new Array<number>(8).fill(0);
    const devices = Array.from({ length: 8 }, (_, index) => fakeDevice({ serial: `S${index}`, transfer: counting(served, index) }));
    const { client, close } = loopbackBench(devices, { maxPerViewer: 8 }).connect();
    const claims = await Promise.all(devices.map(({ description }) => client.open({ ...QUERY, serial: description.serial })));
    const greedy = claims.slice(0, 2).map((claim) => readAll(claim, 48, 65_536));
    const modest = claims.slice(2).map((claim) => readAll(claim, 48, 512));
    await Promise.race(greedy);
    // Whoever asked for a hundredth of the bytes was done before the first of the greedy ones.
    expect(served.slice(2)).toEqual(new Array(6).fill(48));
    await Promise.all([...greedy, ...modest]);
    expect(served).toEqual(new Array(8).fill(48));
    await close();
  });

  it('U13: a channel that takes its time is waited for, in both directions', async () => {
    const { connect } = loopbackBench([fakeDevice()]);
    const { client, close } = connect();
    const claim = await client.open(QUERY);
    const reads = [2 ** 20, 2 ** 20, 100].map((length) => claim.bulk({ endpoint: 0x81, length }));
    const writes = [2 ** 20, 100].map((length) => claim.bulk({ endpoint: 0x02, data: new Uint8Array(length) }));
    expect((await Promise.all(reads)).map((data) => data.length)).toEqual([2 ** 20, 2 ** 20, 100]);
    await Promise.all(writes);
    await close();
  });
});

async function readAll(claim: UsbClaimHandle, count: number, length: number): Promise<void> {
  const reads = Array.from({ length: count }, () => claim.bulk({ endpoint: 0x81, length }));
  for (const data of await Promise.all(reads)) expect(data).toHaveLength(length);
}
