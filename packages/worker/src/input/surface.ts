/** A position on a viewer's surface (`flags`: width << 16 | height) as a pixel of the screen, always inside of it. */
export function toScreen(
  event: { readonly x: number; readonly y: number; readonly flags: number },
  screen: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number } {
  const surface = { width: event.flags >>> 16, height: event.flags & 0xffff };
  return { x: scale(event.x, surface.width, screen.width), y: scale(event.y, surface.height, screen.height) };
}

/** A surface without a size means that the position already counts the screen's pixels. */
function scale(at: number, from: number, to: number): number {
  const pixel = from === 0 ? at : Math.floor((at * to) / from);
  return Math.min(Math.max(pixel, 0), to - 1);
}
