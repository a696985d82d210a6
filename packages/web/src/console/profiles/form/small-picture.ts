/** Pixels of each side: an avatar is 100 CSS pixels at most, on a television too. */
const SIDE = 128;
/** A `data:` URL of this length is what the host stores at most. */
const LENGTH_MAX = 32 * 1024;
/** Best first; a picture of this size nearly always fits at once. */
const QUALITIES = [0.85, 0.6, 0.35] as const;
/** What a camera makes, and no more than a browser decodes in a moment. */
const FILE_MAX = 32 * 1024 * 1024;

/**
 * The middle of a picture file as a small `data:` URL, undefined where it can't be read as one. It is drawn anew, so that nothing else
 * of the file (where it was taken, and by what) gets into the profile.
 */
export async function smallPicture(file: File): Promise<string | undefined> {
  if (file.size > FILE_MAX) return undefined;
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return undefined; // not a picture, or of a kind that this browser doesn't know
  }
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const side = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  canvas.getContext('2d')?.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  return QUALITIES.map((quality) => canvas.toDataURL('image/webp', quality)).find((url) => url.length <= LENGTH_MAX);
}
