/** Other spellings of the same JSON. */

/** With a space after each comma and colon, as Python writes it. */
export function spaced(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(spaced).join(', ')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const members = Object.entries(json).map(([key, value]) => `${JSON.stringify(key)}: ${spaced(value)}`);
  return `{${members.join(', ')}}`;
}

/** With every character beyond ASCII as `\uXXXX`. */
export function asciiOnly(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As PHP writes it. */
export function slashesEscaped(text: string): string {
  return text.replaceAll('/', '\\/');
}

/** With the members of every object in the order of their keys. */
export function sorted(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([key, value]) => [key, sorted(value)]));
}

/** With the outermost members in the order of `keys`; those not named there follow. */
export function inOrder(json: unknown, keys: readonly string[]): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const rank = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length);
  return Object.fromEntries(Object.entries(json).sort(([one], [other]) => rank(one) - rank(other)));
}
