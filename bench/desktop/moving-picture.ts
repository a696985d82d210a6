/**
 * A program of its own: covers the screen of $DISPLAY with a picture of which every pixel changes sixty times a second.
 * The frames are drawn beforehand and copied inside the X server, so that the load itself costs next to nothing.
 */
import { openDisplay, settled } from './open-display.ts';

const FRAMES = 24;
const FRAMES_A_SECOND = 60;
/** Rows of one PutImage: 1280 × 4 × 40 bytes stay below the 256 KiB of a plain X request. */
const ROWS = 40;

const display = await openDisplay(process.env['DISPLAY'] ?? ':0', process.env['XAUTHORITY']);
const { client, root, width, height } = display;
const window = client.AllocID();
client.CreateWindow(window, root, 0, 0, width, height, 0, 0, 0, 0, { overrideRedirect: true, backgroundPixel: 0 });
client.MapWindow(window);
const context = client.AllocID();
client.CreateGC(context, window, {});
const pictures: number[] = [];
for (let frame = 0; frame < FRAMES; frame += 1) pictures.push(await drawFrame(frame));
console.log('moving');

const started = performance.now();
for (let shown = 0; ; shown += 1) {
  const picture = pictures[shown % FRAMES];
  if (picture === undefined) throw new RangeError('no such frame');
  client.CopyArea(picture, window, context, 0, 0, 0, 0, width, height);
  const due = started + ((shown + 1) * 1000) / FRAMES_A_SECOND;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
}

async function drawFrame(frame: number): Promise<number> {
  const pixmap = client.AllocID();
  client.CreatePixmap(pixmap, root, 24, width, height);
  const phase = (frame * 2 * Math.PI) / FRAMES;
  const across = Float64Array.from({ length: width }, (_, x) => 127 + 100 * Math.sin(x * 0.013 + phase));
  for (let top = 0; top < height; top += ROWS) {
    const rows = Math.min(ROWS, height - top);
    const pixels = Buffer.alloc(width * rows * 4); // npm `x11` copies it with Buffer's own method
    for (let y = 0; y < rows; y += 1) {
      const down = 127 + 100 * Math.sin((top + y) * 0.017 + phase * 2);
      for (let x = 0; x < width; x += 1) {
        const at = (y * width + x) * 4;
        pixels[at] = 110 + (((x + top + y) * 0.35 + frame * 9) % 100) + ((x * 7919 + (top + y) * 104729 + frame * 31) % 17);
        pixels[at + 1] = down;
        pixels[at + 2] = across[x] ?? 0;
      }
    }
    client.PutImage(2, pixmap, context, width, rows, 0, top, 0, 24, pixels);
  }
  await settled(client);
  return pixmap;
}
