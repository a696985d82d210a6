import type { EncodedPicture, Picture, VideoEncoder, VideoEncoders, VideoFormat } from '../src/encode/video-encoder.ts';

/** An encoder whose pictures are some bytes; the first is a key frame, like every one that is asked for. */
export class FakeEncoder implements VideoEncoder {
  readonly format: VideoFormat;
  readonly pictures: { readonly width: number; readonly height: number; readonly atUs: number; readonly key: boolean }[] = [];
  kbps: number;
  closed = false;
  busy = false;
  #finish: (() => void) | undefined;
  readonly #held: () => boolean;

  constructor(format: VideoFormat, held: () => boolean) {
    this.format = format;
    this.kbps = format.kbps;
    this.#held = held;
  }

  async encode(picture: Picture, atUs: number, key: boolean): Promise<EncodedPicture> {
    if (this.busy || this.closed) throw new Error('an encoder takes one picture at a time, and none after its end');
    const isKey = key || this.pictures.length === 0;
    this.pictures.push({ width: picture.width, height: picture.height, atUs, key: isKey });
    this.busy = true;
    if (this.#held()) {
      await new Promise<void>((resolve) => {
        this.#finish = resolve;
      });
    }
    this.busy = false;
    return { key: isKey, data: new Uint8Array(isKey ? 5000 : 50) };
  }

  /** Lets the picture out that was held back. */
  finish(): void {
    this.#finish?.();
  }

  setBitrate(kbps: number): void {
    this.kbps = kbps;
  }

  close(): void {
    if (this.busy) throw new Error('an encoder is not closed while it encodes');
    this.closed = true;
  }
}

export class FakeEncoders implements VideoEncoders {
  readonly opened: FakeEncoder[] = [];
  /** Whether pictures stay inside until `finish`. */
  holding = false;

  open(format: VideoFormat): FakeEncoder {
    const encoder = new FakeEncoder(format, () => this.holding);
    this.opened.push(encoder);
    return encoder;
  }
}
