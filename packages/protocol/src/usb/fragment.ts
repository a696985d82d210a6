import { concat } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { FLAG_EOF, MAX_PAYLOAD, type Op, type UsbFrame } from './frame.ts';

/**
 * Cuts a payload every 16,384 bytes into frames of one op and claim, EOF only on the last (U1.2; usb-wire §6.2).
 * An empty payload is one EOF frame.
 */
export function fragment(op: Op, claim: number, payload: Uint8Array): readonly UsbFrame[] {
  const count = Math.max(1, Math.ceil(payload.length / MAX_PAYLOAD));
  return Array.from({ length: count }, (_, index) => ({
    op,
    flags: index === count - 1 ? FLAG_EOF : 0,
    claim,
    payload: payload.subarray(index * MAX_PAYLOAD, (index + 1) * MAX_PAYLOAD),
  }));
}

interface Join {
  readonly op: Op;
  readonly claim: number;
  readonly parts: Uint8Array[];
  length: number;
}

/**
 * Puts fragments together again. It holds at most `maxJoins` unfinished payloads of `maxBytes` each (usb-field §7, row 8: a
 * joiner without a bound is the peer's memory to spend). How long a join may stay open is the caller's to watch: it knows
 * which request the payload answers, and calls {@link drop}.
 */
export class FragmentJoiner {
  readonly #maxBytes: number;
  readonly #maxJoins: number;
  readonly #joins = new Map<string, Join>();

  constructor(limits: { readonly maxBytes: number; readonly maxJoins: number }) {
    this.#maxBytes = limits.maxBytes;
    this.#maxJoins = limits.maxJoins;
  }

  /** The joined payload once its last fragment is in. `frame.oversized` forgets that join, and no other. */
  push(frame: UsbFrame): Uint8Array | undefined {
    const key = `${frame.op}:${frame.claim}`;
    const last = (frame.flags & FLAG_EOF) !== 0;
    const open = this.#joins.get(key);
    if (open === undefined && last) return this.#bounded(frame.payload);

    const join = open ?? this.#begin(key, frame);
    join.length += frame.payload.length;
    if (join.length > this.#maxBytes) {
      this.#joins.delete(key);
      throw new CodedError('frame.oversized', `a joined payload exceeds ${this.#maxBytes} bytes`);
    }
    join.parts.push(frame.payload);
    if (!last) return undefined;
    this.#joins.delete(key);
    return concat(join.parts);
  }

  /** Forgets what has come for a claim so far: its request is over. */
  drop(claim: number): void {
    for (const [key, join] of this.#joins) if (join.claim === claim) this.#joins.delete(key);
  }

  #begin(key: string, frame: UsbFrame): Join {
    if (this.#joins.size >= this.#maxJoins) throw new CodedError('frame.oversized', `more than ${this.#maxJoins} unfinished payloads`);
    const join: Join = { op: frame.op, claim: frame.claim, parts: [], length: 0 };
    this.#joins.set(key, join);
    return join;
  }

  #bounded(payload: Uint8Array): Uint8Array {
    if (payload.length > this.#maxBytes) throw new CodedError('frame.oversized', `a payload exceeds ${this.#maxBytes} bytes`);
    return payload;
  }
}
