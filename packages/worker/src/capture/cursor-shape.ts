import { CURSOR_MAX, type CursorShape } from '@usher/protocol';

/** A pointer's picture as XFIXES gives it: little-endian ARGB words, premultiplied by their alpha. */
export interface XCursor {
  readonly width: number;
  readonly height: number;
  readonly xhot: number;
  readonly yhot: number;
  readonly cursorImage: Uint8Array;
}

/** Makes it what the protocol carries: plain RGBA, at most 128 pixels a side, shrunk as a whole if it is larger (rule C9). */
export function cursorShape(cursor: XCursor): CursorShape {
  const scale = Math.min(1, CURSOR_MAX / Math.max(cursor.width, cursor.height, 1));
  const width = Math.max(Math.round(cursor.width * scale), Math.min(cursor.width, 1));
  const height = Math.max(Math.round(cursor.height * scale), Math.min(cursor.height, 1));
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (sourceOf(y, height, cursor.height) * cursor.width + sourceOf(x, width, cursor.width)) * 4;
      copyPixel(cursor.cursorImage, from, rgba, (y * width + x) * 4);
    }
  }
  return {
    width,
    height,
    hotX: Math.min(Math.floor(cursor.xhot * scale), Math.max(width - 1, 0)),
    hotY: Math.min(Math.floor(cursor.yhot * scale), Math.max(height - 1, 0)),
    rgba,
  };
}

/** The nearest source row or column, measured from the middle of the pixel. */
function sourceOf(at: number, size: number, sourceSize: number): number {
  return Math.min(Math.floor(((at + 0.5) * sourceSize) / size), sourceSize - 1);
}

/** Bytes in memory are blue, green, red, alpha. */
function copyPixel(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  const alpha = source[from + 3] ?? 0;
  target[to] = straight(source[from + 2] ?? 0, alpha);
  target[to + 1] = straight(source[from + 1] ?? 0, alpha);
  target[to + 2] = straight(source[from] ?? 0, alpha);
  target[to + 3] = alpha;
}

function straight(premultiplied: number, alpha: number): number {
  return alpha === 0 ? 0 : Math.min(Math.round((premultiplied * 255) / alpha), 255);
}
