/** The tag of a resource as the header `ETag` says it (RFC 9110 §8.8.3). */
export function entityTag(revision: string): string {
  return `"${revision}"`;
}

/**
 * Whether `If-Match` lets a change through (RFC 9110 §13.1.1): there is none, it is `*`, or one of its tags is the resource's. A weak tag never
 * is, and what isn't a tag at all is none of ours.
 */
export function isMatch(header: string | undefined, revision: string): boolean {
  if (header === undefined || header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim() === entityTag(revision));
}
