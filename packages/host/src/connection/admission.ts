/** Connections that haven't shown a paired device yet: each may hold a peer connection open, which costs about a megabyte. */
export const UNPROVED_MAX = 16;
/** Of one address. A household behind one address has that many new devices at a time. */
export const UNPROVED_PER_ADDRESS_MAX = 4;

/** A place among the connections that haven't proved themselves. */
export interface AdmissionTicket {
  /** The device has proved itself, or the connection is over. Idempotent. */
  release(): void;
}

/** Counts the connections of strangers, so that they can't crowd out anyone who is paired. */
export class Admission {
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  /** Undefined where there are too many. */
  enter(address: string): AdmissionTicket | undefined {
    const here = this.#perAddress.get(address) ?? 0;
    if (this.#total >= UNPROVED_MAX || here >= UNPROVED_PER_ADDRESS_MAX) return undefined;
    this.#total += 1;
    this.#perAddress.set(address, here + 1);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        this.#leave(address);
      },
    };
  }

  #leave(address: string): void {
    this.#total -= 1;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}
