import { createHash } from 'node:crypto';

/**
 * A JSON value in one spelling: object keys in order, no white space. Two values are deeply equal exactly when
 * theirs is the same.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Text is added to, not joined: of a hundred thousand members that takes a third of the time.
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** SHA-256 of a value's canonical JSON. */
export function contentHashOf(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}
