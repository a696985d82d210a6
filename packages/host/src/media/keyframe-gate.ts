/** Requests closer together than this are one. */
const MIN_REQUEST_GAP_US = 100_000;
/** A request that brought no key frame within this was lost on its way to the encoder. */
const REPEAT_GAP_US = 500_000;
/** A picture that resending can't mend is given up for a new one this often at most: key frames are large, and the link is full. */
const GIVE_UP_GAP_US = 1_000_000;

/**
 * Decides which pictures a viewer's decoder can use, and when it needs a key frame. A decoder that misses a picture can't use any
 * other until the next key frame, so the rest stays away too.
 */
export class KeyframeGate {
  readonly #request: () => void;
  #waits = true;
  #requestedUs: number | undefined;
  #keyframeUs: number | undefined;

  constructor(request: () => void) {
    this.#request = request;
  }

  /** Whether the picture may be sent; asks for a key frame (again) where one is missing. */
  admits(key: boolean, nowUs: number): boolean {
    if (key) {
      this.#waits = false;
      this.#keyframeUs = nowUs;
      this.#requestedUs = undefined;
    } else if (this.#waits) {
      this.#ask(nowUs, REPEAT_GAP_US);
    }
    return !this.#waits;
  }

  /** A picture was withheld: nothing until a key frame is of use. */
  dropped(nowUs: number): void {
    this.#waits = true;
    this.#keyframeUs = undefined;
    this.#ask(nowUs, REPEAT_GAP_US);
  }

  /** The viewer asks. A request that it sent before it can have seen the last key frame is answered by that one. */
  requested(nowUs: number, rttMs: number): void {
    const patienceUs = Math.max(MIN_REQUEST_GAP_US, rttMs * 1500);
    if (this.#keyframeUs !== undefined && nowUs - this.#keyframeUs < patienceUs) return;
    this.#ask(nowUs, MIN_REQUEST_GAP_US);
  }

  /** Packets of the picture are lost for good, so the viewer will ask, in a few seconds: it gets its key frame now. */
  beyondRepair(nowUs: number): void {
    if (this.#keyframeUs !== undefined && nowUs - this.#keyframeUs < GIVE_UP_GAP_US) return;
    this.#ask(nowUs, GIVE_UP_GAP_US);
  }

  /** A viewer came. */
  start(nowUs: number): void {
    this.#waits = true;
    this.#ask(nowUs, MIN_REQUEST_GAP_US);
  }

  #ask(nowUs: number, gapUs: number): void {
    if (this.#requestedUs !== undefined && nowUs - this.#requestedUs < gapUs) return;
    this.#requestedUs = nowUs;
    this.#request();
  }
}
