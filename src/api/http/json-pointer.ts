const LONGEST = 200;

const HALF_SURROGATE = /\p{Cs}/gu;

/**
 * A JSON pointer (RFC 6901) to what a path leads to; a very long one is cut. Half a surrogate, which some clients refuse
 * to read, is shown as U+FFFD.
 */
export function pointerTo(path: readonly PropertyKey[]): string {
  const keys = path.map((key) => String(key).slice(0, LONGEST));
  const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return pointer.slice(0, LONGEST).replace(HALF_SURROGATE, '\ufffd');
}
