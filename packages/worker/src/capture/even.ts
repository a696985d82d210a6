/** A length that pictures in 4:2:0 can have: one pixel less if it is odd. */
export function even(length: number): number {
  return length - (length % 2);
}
