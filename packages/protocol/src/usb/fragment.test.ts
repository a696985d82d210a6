import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../testing/vector-suite.ts';
import { FragmentJoiner, fragment } from './fragment.ts';
import { FLAG_EOF, MAX_PAYLOAD, Op, type UsbFrame } from './frame.ts';

function part(claim: number, size: number, last: boolean, op: Op = Op.Bulk): UsbFrame {
  return { op, flags: last ? FLAG_EOF : 0, claim, payload: new Uint8Array(size).fill(claim) };
}

describe('fragments', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [MAX_PAYLOAD, [MAX_PAYLOAD]],
    [MAX_PAYLOAD + 1, [MAX_PAYLOAD, 1]],
    [3 * MAX_PAYLOAD, [MAX_PAYLOAD, MAX_PAYLOAD, MAX_PAYLOAD]],
  ])('U1.2: %i bytes are cut into frames of %j, EOF on the last', (length, sizes) => {
    const frames = fragment(Op.List, 9, new Uint8Array(length));
    expect(frames.map((frame) => frame.payload.length)).toEqual(sizes);
    expect(frames.map((frame) => frame.flags)).toEqual(sizes.map((_, index) => (index === sizes.length - 1 ? FLAG_EOF : 0)));
    expect(frames.every((frame) => frame.op === Op.List && frame.claim === 9)).toBe(true);
  });

  it('U1.2: what was cut is joined again, also when fragments of several claims and ops come mixed', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 3 * MAX_PAYLOAD }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(payloads, fc.infiniteStream(fc.nat({ max: 3 })), (given, picks) => {
        const joiner = new FragmentJoiner({ maxBytes: 3 * MAX_PAYLOAD, maxJoins: 4 });
        const queues = given.map((payload, claim) => [...fragment(claim % 2 === 0 ? Op.Bulk : Op.Interrupt, claim, payload)]);
        const joined = new Map<number, Uint8Array>();
        while (queues.some((queue) => queue.length > 0)) {
          const queue = queues[picks.next().value % queues.length] ?? [];
          const frame = queue.shift();
          const payload = frame === undefined ? undefined : joiner.push(frame);
          if (frame !== undefined && payload !== undefined) joined.set(frame.claim, payload);
        }
        expect([...joined.entries()].sort(([a], [b]) => a - b).map(([, payload]) => payload)).toEqual(given);
      }),
      { numRuns: 30 },
    );
  });

  it('U1.2: a join that grows beyond its bound is refused and forgotten, and no other is', () => {
    const joiner = new FragmentJoiner({ maxBytes: 10, maxJoins: 2 });
    joiner.push(part(1, 6, false));
    joiner.push(part(2, 6, false));
    expect(codeOf(() => joiner.push(part(1, 6, false)))).toBe('frame.oversized');
    expect(joiner.push(part(2, 4, true))?.length).toBe(10);
    expect(joiner.push(part(1, 3, true))?.length).toBe(3);
  });

  it('U1.2: a single frame is bounded like a joined one', () => {
    const joiner = new FragmentJoiner({ maxBytes: 10, maxJoins: 1 });
    expect(codeOf(() => joiner.push(part(1, 11, true)))).toBe('frame.oversized');
  });

  it('U1.2: more unfinished joins than allowed are refused', () => {
    const joiner = new FragmentJoiner({ maxBytes: 10, maxJoins: 2 });
    joiner.push(part(1, 1, false));
    joiner.push(part(2, 1, false));
    expect(codeOf(() => joiner.push(part(3, 1, false)))).toBe('frame.oversized');
  });

  it('U1.2: dropping a claim forgets its unfinished payloads of every op', () => {
    const joiner = new FragmentJoiner({ maxBytes: 10, maxJoins: 3 });
    joiner.push(part(1, 5, false));
    joiner.push(part(1, 5, false, Op.Control));
    joiner.push(part(2, 5, false));
    joiner.drop(1);
    expect(joiner.push(part(1, 2, true))?.length).toBe(2);
    expect(joiner.push(part(2, 5, true))?.length).toBe(10);
  });
});
