import type { VideoCodec } from '@usher/protocol';
import type { Pointer } from '../native/library.ts';

/** A captured screen: BGRx, 4 bytes a pixel, rows without gaps. Whoever holds it may read until the next one is captured. */
export interface Picture {
  readonly address: Pointer;
  readonly width: number;
  readonly height: number;
}

export interface VideoFormat {
  readonly codec: VideoCodec;
  /** Even sizes in pixels. */
  readonly width: number;
  readonly height: number;
  readonly kbps: number;
  /** Most pictures a second that will come. */
  readonly fps: number;
}

export interface EncodedPicture {
  readonly key: boolean;
  readonly data: Uint8Array;
}

/** Encodes one picture after the other; the next one is given when the last one is done. The first is a key frame. */
export interface VideoEncoder {
  /** `atUs` grows from picture to picture. Fails with `worker.encoder-failed`, after which the encoder is of no use. */
  encode(picture: Picture, atUs: number, key: boolean): Promise<EncodedPicture>;
  setBitrate(kbps: number): void;
  /** Not while a picture is being encoded. */
  close(): void;
}

/** A family of encoders; made once, so that what is missing is known before anybody waits for a picture. */
export interface VideoEncoders {
  open(format: VideoFormat): VideoEncoder;
}
