/**
 * A value that is there, although its type allows null.
 * @throws Error that names it when it is not
 */
export function present<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`${what} is missing`);
  return value;
}
