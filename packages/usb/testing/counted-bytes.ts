/** Bytes in the place of random ones: different each time, which is all that tokens need in a test. */
export function countedBytes(): (length: number) => Uint8Array {
  let last = 0;
  return (length) => {
    last += 1;
    return new Uint8Array(length).fill(last);
  };
}
