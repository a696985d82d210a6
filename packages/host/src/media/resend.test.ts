import { describe, expect, it } from 'vitest';
import { ResendHistory } from './resend.ts';

const SIZE = 1200;
const packet = (sequence: number) => ({ sequence, bytes: Buffer.alloc(SIZE) });
const sequences = (packets: readonly { readonly sequence: number }[]) => packets.map(({ sequence }) => sequence);

function historyOf(count: number): ResendHistory {
  const history = new ResendHistory(0);
  for (let sequence = 0; sequence < count; sequence += 1) history.keep(packet(sequence & 0xffff), 0);
  return history;
}

const now = (milliseconds: number) => ({ nowUs: milliseconds * 1000, rttMs: 40, kbps: 1000 });

describe('resending', () => {
  it('sends a missed packet at once, and again only after a round trip', () => {
    const history = historyOf(10);
    expect(sequences(history.take([3, 5], now(0)))).toEqual([3, 5]);
    expect(sequences(history.take([3, 4], now(39)))).toEqual([4]);
    expect(sequences(history.take([3, 5], now(40)))).toEqual([3, 5]);
  });

  it('waits a little even where the round trip is none', () => {
    const history = historyOf(2);
    const at = (milliseconds: number) => ({ ...now(milliseconds), rttMs: 0 });
    expect(sequences(history.take([1], at(0)))).toEqual([1]);
    expect(sequences(history.take([1], at(19)))).toEqual([]);
    expect(sequences(history.take([1], at(20)))).toEqual([1]);
  });

  it('gives a packet up after eight times', () => {
    const history = historyOf(2);
    const sent = Array.from({ length: 20 }, (_, round) => history.take([1], now(round * 100)).length);
    expect(sent.filter((count) => count > 0)).toHaveLength(8);
  });

  it('stays within a quarter of the bitrate, once the first burst is spent', () => {
    const history = historyOf(1000);
    const missing = Array.from({ length: 1000 }, (_, sequence) => sequence);
    const burst = history.take(missing, now(0)).length * SIZE;
    expect(burst).toBeLessThanOrEqual(24 * 1024);
    let bytes = 0;
    for (let milliseconds = 10; milliseconds <= 10_000; milliseconds += 10) bytes += history.take(missing, now(milliseconds)).length * SIZE;
    expect((bytes * 8) / 10_000).toBeLessThanOrEqual(250);
    expect((bytes * 8) / 10_000).toBeGreaterThan(200);
  });

  it('says when a packet has been missed for too long, by the round trip', () => {
    const history = historyOf(2);
    expect(history.isOverdue([1], now(300))).toBe(false);
    expect(history.isOverdue([1], now(301))).toBe(true);
    expect(history.isOverdue([1], { ...now(301), rttMs: 200 })).toBe(false);
    expect(history.isOverdue([7], now(10_000))).toBe(false);
  });

  it('resends what is left of the pictures just before a key frame, and nothing older', () => {
    const history = new ResendHistory(0);
    history.keep(packet(0), 0);
    history.keep(packet(1), 100_000);
    history.forgetOverdue(350_000);
    expect(sequences(history.take([0, 1], now(350)))).toEqual([1]);
  });

  it('knows the last thousand packets, over the wrap of the sequence', () => {
    const history = historyOf(0x1_0000 + 100);
    expect(sequences(history.take([99, 0, 0xffff, (99 - 999) & 0xffff], now(0)))).toEqual([99, 0, 0xffff, (99 - 999) & 0xffff]);
    expect(history.take([(99 - 1000) & 0xffff, 20_000], now(0))).toEqual([]);
  });
});
