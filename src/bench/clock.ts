/** Milliseconds since 1970 with fractions, the same in every process of a machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
