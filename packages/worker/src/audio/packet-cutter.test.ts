import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { PacketCutter, SILENT_EVERY_US } from './packet-cutter.ts';
import { PACKET_BYTES } from './sound.ts';

const sound = (packets: number) => new Uint8Array(PACKET_BYTES * packets).fill(7);
const silence = (packets: number) => new Uint8Array(PACKET_BYTES * packets);

function setUp(nowUs = 1_000_000) {
  const clock = new FakeClock(nowUs);
  const packets: { readonly timestamp: number; readonly bytes: number }[] = [];
  const cutter = new PacketCutter(
    ({ timestamp, pcm }) => packets.push({ timestamp, bytes: pcm.filter((byte) => byte !== 0).length }),
    clock,
  );
  return { clock, cutter, packets };
}

describe('cutting sound into packets', () => {
  it('P7.2: packets of 10 ms follow each other without a gap', () => {
    const { cutter, packets } = setUp();
    cutter.push(sound(3));
    expect(packets.map(({ timestamp }) => timestamp)).toEqual([48_000, 48_480, 48_960]);
  });

  it('P7.2: whatever pieces it comes in, the packets are the same', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 50 }), (pieces) => {
        const { cutter, packets } = setUp();
        for (const piece of pieces) cutter.push(new Uint8Array(piece).fill(1));
        const total = pieces.reduce((sum, piece) => sum + piece, 0);
        expect(packets).toHaveLength(Math.floor(total / PACKET_BYTES));
        expect(packets.every(({ bytes }) => bytes === PACKET_BYTES)).toBe(true);
      }),
    );
  });

  it('P7.2: while nothing plays, one silent packet now and then says that the way is open', async () => {
    const { clock, cutter, packets } = setUp();
    cutter.idle();
    await clock.pass(SILENT_EVERY_US);
    cutter.idle();
    expect(packets).toEqual([
      { timestamp: 48_000, bytes: 0 },
      { timestamp: 48_000 + 48_000, bytes: 0 },
    ]);
  });

  it('P7.2: nothing is said about silence while there is sound', async () => {
    const { clock, cutter, packets } = setUp();
    cutter.push(sound(1));
    await clock.pass(SILENT_EVERY_US - 1);
    cutter.idle();
    expect(packets).toHaveLength(1);
  });

  it('P7.2: silence is left out, after a tail', () => {
    const { cutter, packets } = setUp();
    cutter.push(silence(100));
    expect(packets).toHaveLength(0);
    cutter.push(sound(1));
    cutter.push(silence(100));
    expect(packets).toHaveLength(20);
  });

  it('P7.2: time runs on through silence', async () => {
    const { clock, cutter, packets } = setUp();
    cutter.push(sound(1));
    await clock.pass(5_000_000);
    cutter.push(sound(1));
    expect((packets[1]?.timestamp ?? 0) - (packets[0]?.timestamp ?? 0)).toBe(5 * 48_000);
  });

  it('P7.2: sound that comes unevenly is not torn apart', async () => {
    const { clock, cutter, packets } = setUp();
    for (let round = 0; round < 50; round += 1) {
      await clock.pass(60_000);
      cutter.push(sound(6));
    }
    const gaps = packets.slice(1).map(({ timestamp }, index) => timestamp - (packets[index]?.timestamp ?? 0));
    expect(new Set(gaps)).toEqual(new Set([480]));
  });

  it('P7.2: after an interruption the packets are back on the clock', async () => {
    const { clock, cutter, packets } = setUp();
    cutter.push(sound(1));
    await clock.pass(500_000);
    cutter.push(sound(2));
    expect(packets.map(({ timestamp }) => timestamp)).toEqual([48_000, 72_000, 72_480]);
  });

  it('P7.2: the time stamp wraps at 32 bits', () => {
    const { cutter, packets } = setUp(2 ** 32 / 0.048);
    cutter.push(sound(2));
    expect(packets[1]?.timestamp).toBeLessThan(1000);
  });
});
