/** A step this large forwards is a sender that started anew, not loss (RFC 3550 appendix A.1, MAX_DROPOUT). */
const DROPOUT = 3000;

export type Arrival = 'first' | 'next' | 'gap' | 'late';

/** Counts packets and losses by their 16-bit sequence numbers. */
export class SequenceCounter {
  received = 0;
  lost = 0;
  #last: number | undefined;

  /** `late` packets were counted as lost when they were overtaken, and are taken back. */
  push(sequence: number): Arrival {
    const last = this.#last;
    if (last === undefined) return this.#advance(sequence, 'first');
    const step = (sequence - last) & 0xffff;
    if (step === 1) return this.#advance(sequence, 'next');
    if (step !== 0 && step < DROPOUT) {
      this.lost += step - 1;
      return this.#advance(sequence, 'gap');
    }
    if (step === 0 || step > 0xffff - DROPOUT) {
      if (step !== 0 && this.lost > 0) {
        this.lost -= 1;
        this.received += 1;
      }
      return 'late';
    }
    return this.#advance(sequence, 'gap');
  }

  #advance(sequence: number, arrival: Arrival): Arrival {
    this.#last = sequence;
    this.received += 1;
    return arrival;
  }
}
