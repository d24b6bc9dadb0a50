import { createHash } from 'node:crypto';

/**
 * A JSON value in one spelling: object keys in order, no white space. Two values are deeply equal exactly when
 * theirs is the same.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 of a value's canonical JSON. */
export function contentHashOf(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}
