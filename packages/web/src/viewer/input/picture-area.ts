/** Where the picture stands inside its stage: as large as fits, in its own shape, in the middle. CSS pixels, from the stage's corner. */
export interface PictureArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** CSS pixels for one pixel of the session. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The same as CSS does for `object-fit: contain`. Undefined while there is no picture or no room. */
export function pictureArea(stage: Size, picture: Size): PictureArea | undefined {
  if (picture.width <= 0 || picture.height <= 0 || stage.width <= 0 || stage.height <= 0) return undefined;
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (stage.width - width) / 2, top: (stage.height - height) / 2, width, height, scale };
}

/** A place on the stage in pixels of the session. It may lie outside, in the dark around the picture. */
export function toSession(area: PictureArea, x: number, y: number): { readonly x: number; readonly y: number } {
  return { x: (x - area.left) / area.scale, y: (y - area.top) / area.scale };
}
