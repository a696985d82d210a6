/** What one RTP payload tells about its picture. */
export interface PayloadFacts {
  /** Whether the payload belongs to a key frame. */
  readonly key: boolean;
  readonly size?: { readonly width: number; readonly height: number };
}
