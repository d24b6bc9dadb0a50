/** The one-use token of a sign-in link's fragment, `#once=…`; null without. */
export function onceFrom(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('once');
  return token === null || token === '' ? null : token;
}
