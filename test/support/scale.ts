/** What the suite takes, and what `npm run scale` does, which plays the same tests with more. */
export function scaled<T>(inSuite: T, atScale: T): T {
  return process.env.POSTHORN_SCALE === undefined ? inSuite : atScale;
}
