/** The same bytes one at a time: what a reader that expects neatly packaged chunks can't take. */
export function* drip(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1);
}

/** The same bytes in chunks of these sizes, round and round; 0 is an empty chunk. */
export function* chunked(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  if (!sizes.some((size) => size > 0)) throw new RangeError('at least one chunk must have a size');
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 0;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
