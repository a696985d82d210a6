import type { Mode } from '@usher/sdk';

/** A picture that looks enough like a desktop to judge what floats on it, as a video track of ten frames a second. */
export function paintedDesktop(mode: Mode): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = mode.width;
  canvas.height = mode.height;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new TypeError('a canvas has a pen');
  paint(pen, mode);
  // A captured canvas only sends what is painted: paint on, so that a page that comes later sees it too.
  setInterval(() => paint(pen, mode), 100);
  const [track] = canvas.captureStream(10).getVideoTracks();
  if (track === undefined) throw new TypeError('a canvas has a video track');
  return track;
}

function paint(pen: CanvasRenderingContext2D, { width, height }: Mode): void {
  const sky = pen.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, '#31506b');
  sky.addColorStop(1, '#7a5a63');
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  window_(pen, width * 0.08, height * 0.14, width * 0.5, height * 0.55, '#10151b');
  window_(pen, width * 0.45, height * 0.34, width * 0.46, height * 0.5, '#f4f1ec');
  pen.fillStyle = '#9fe3b4';
  pen.font = `${Math.round(height / 50)}px monospace`;
  for (let line = 0; line < 9; line += 1) pen.fillText(`~ $ line ${line} of a terminal`, width * 0.095, height * (0.22 + line * 0.035));
}

function window_(pen: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, colour: string): void {
  pen.fillStyle = '#e5ddd2';
  pen.fillRect(x, y - 24, width, 24);
  pen.fillStyle = colour;
  pen.fillRect(x, y, width, height);
}
