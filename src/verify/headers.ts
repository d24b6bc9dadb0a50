import type { HeadersLike } from './types.js';
import { VerificationError } from './verification-error.js';

/**
 * A header's value; null where it is not there, or empty.
 * @param name in lower case
 * @throws VerificationError `header_malformed` when it is there more than once
 */
export function headerOf(headers: HeadersLike, name: string): string | null {
  const values = valuesOf(headers, name)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length > 1) {
    throw new VerificationError(
      'header_malformed',
      `The header "${name}" is there ${values.length} times.`,
      name,
    );
  }
  return values[0] ?? null;
}

/**
 * The same for one that must be there.
 * @throws VerificationError `header_missing`, too
 */
export function neededHeaderOf(headers: HeadersLike, name: string): string {
  const value = headerOf(headers, name);
  if (value === null) {
    throw new VerificationError('header_missing', `The header "${name}" is missing.`, name);
  }
  return value;
}

function valuesOf(headers: HeadersLike, name: string): readonly string[] {
  if (typeof headers.get === 'function') {
    const value = headers.get(name);
    return value ? [value] : [];
  }
  return Object.entries(headers as Readonly<Record<string, string | readonly string[] | undefined>>)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}
