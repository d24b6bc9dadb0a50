import { ASYMMETRIC_PREFIX, SYMMETRIC_PREFIX } from './signature.js';

/** What a receiver echoes of a request is kept without the request's secrets. Pure. */

export const REDACTED = '[redacted]';

/** Shorter values are no secrets, and stand in texts by chance. */
const SHORTEST_SECRET = 8;
/** As much of a value's beginning counts as the value where the text ends with it: the text may have been cut there. */
const SHORTEST_BEGINNING = 4;

/** What is not to be shown of an exchange: signing secrets, and what custom headers hold; as URLs write them, too. */
export function confidentialIn(
  secrets: readonly string[],
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const values = Object.values(headers).flatMap((value) => {
    // A receiver that complains of a token leaves out the `Bearer` before it.
    const [, scheme = '', credentials] = /^([A-Za-z-]+)[ \t]+(\S+)$/.exec(value.trim()) ?? [];
    if (credentials === undefined) return [value.trim()];
    // And some show Basic's decoded.
    const decoded = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString() : '';
    return [value.trim(), credentials, decoded, decoded.slice(decoded.indexOf(':') + 1)];
  });
  const all = [...secrets, ...secrets.map(withoutPrefix), ...values];
  const inUrls = all.map((value) => encodeURIComponent(Buffer.from(value).toString()));
  return [...new Set([...all, ...inUrls])].filter((value) => value.length >= SHORTEST_SECRET);
}

/** What of a secret is the key itself. */
function withoutPrefix(secret: string): string {
  const prefix = [SYMMETRIC_PREFIX, ASYMMETRIC_PREFIX].find((each) => secret.startsWith(each)) ?? '';
  return secret.slice(prefix.length);
}

/**
 * Replaces every occurrence of the values by `[redacted]`: as they are and as JSON writers may escape them, also
 * where the text ends within one. In linear time, whatever a receiver makes of the text.
 */
export function redact(text: string, values: readonly string[]): string {
  const readings = text.includes('\\') ? [asItIs(text), unescaped(text)] : [asItIs(text)];
  const spans = readings.flatMap((reading) => values.flatMap((value) => spansOf(value, reading)));
  let redacted = '';
  let end = 0;
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    // Values that overlap are replaced as one.
    if (span.start >= end) redacted += text.slice(end, span.start) + REDACTED;
    end = Math.max(end, span.end);
  }
  return redacted + text.slice(end);
}

/** A text's code units, escapes resolved or not, and where in the text each stands: one offset more than units. */
interface Reading {
  readonly units: readonly number[];
  readonly offsets: readonly number[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function asItIs(text: string): Reading {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return { units, offsets: [...units.keys(), text.length] };
}

/** An escape of JSON, one that the text's end cuts off, or any code unit. */
const JSON_UNIT = /\\u([0-9a-f]{4})|\\(["\\/bfnrt])|(\\(?:u[0-9a-f]{0,3})?$)|[^]/gi;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): Reading {
  const units: number[] = [];
  const offsets: number[] = [];
  for (const { 0: whole, 1: hex, 2: short, 3: cutOff, index } of text.matchAll(JSON_UNIT)) {
    if (cutOff !== undefined) break;
    units.push(
      hex === undefined ? (CONTROLS[short ?? ''] ?? short ?? whole).charCodeAt(0) : parseInt(hex, 16),
    );
    offsets.push(index);
  }
  return { units, offsets: [...offsets, text.length] };
}

/** Where a value stands in a reading, its beginning at the very end included (Knuth, Morris and Pratt). */
function spansOf(value: string, { units, offsets }: Reading): Span[] {
  const borders = bordersOf(value);
  const spans: Span[] = [];
  const add = (from: number, to: number) => spans.push({ start: offsets[from] ?? 0, end: offsets[to] ?? 0 });
  let matched = 0;
  units.forEach((unit, index) => {
    matched = longer(value, borders, matched, unit);
    if (matched < value.length) return;
    add(index + 1 - matched, index + 1);
    matched = borders.at(-1) ?? 0;
  });
  if (matched >= SHORTEST_BEGINNING) add(units.length - matched, units.length);
  return spans;
}

/** For each length of a value's beginning, less one, how much of it is the value's beginning again at its end. */
function bordersOf(value: string): number[] {
  const borders = [0];
  for (let at = 1; at < value.length; at += 1) {
    borders.push(longer(value, borders, borders[at - 1] ?? 0, value.charCodeAt(at)));
  }
  return borders;
}

/** How much of a value's beginning stands before and with one more unit, when `matched` of it stood before. */
function longer(value: string, borders: readonly number[], matched: number, unit: number): number {
  let length = matched;
  while (length > 0 && value.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0;
  return value.charCodeAt(length) === unit ? length + 1 : 0;
}
