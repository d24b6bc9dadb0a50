/** Removes confidential values that a receiver echoes. Pure. */

export const REDACTED = '[redacted]';

/** A value is searched for by its beginning: a text with this much of it got it from the request. */
const LONGEST_BEGINNING = 64;
/** At the end of a text, this much of a value's beginning counts as the value: the text may have been cut there. */
const SHORTEST_BEGINNING = 4;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces every occurrence of the values by `[redacted]`: as they are and as JSON writers may escape them, also
 * where the text ends within one. A text is searched twice for each value, whatever a receiver makes of it.
 */
export function redact(text: string, values: readonly string[]): string {
  const spans = values.flatMap((value) => spansOf(value, text));
  if (text.includes('\\')) {
    const { plain, offsets } = unescaped(text);
    const inText = ({ start, end }: Span) => ({ start: offsets[start] ?? 0, end: offsets[end] ?? 0 });
    spans.push(...values.flatMap((value) => spansOf(value, plain).map(inText)));
  }
  let redacted = '';
  let end = 0;
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    // Values that overlap are replaced as one.
    if (span.start >= end) redacted += text.slice(end, span.start) + REDACTED;
    end = Math.max(end, span.end);
  }
  return redacted + text.slice(end);
}

/** Where a value stands in a text, its beginning at the very end included. */
function spansOf(value: string, text: string): Span[] {
  const spans: Span[] = [];
  const beginning = value.slice(0, LONGEST_BEGINNING);
  let end = 0;
  for (let start = text.indexOf(beginning); start >= 0; start = text.indexOf(beginning, end)) {
    end = start + beginning.length;
    while (end < start + value.length && text.charCodeAt(end) === value.charCodeAt(end - start)) end += 1;
    spans.push({ start, end });
  }
  const first = beginning.slice(0, SHORTEST_BEGINNING);
  const from = Math.max(end, text.length - beginning.length + 1);
  let start = text.indexOf(first, from);
  while (start >= 0 && !beginning.startsWith(text.slice(start))) start = text.indexOf(first, start + 1);
  if (start >= 0) spans.push({ start, end: text.length });
  return spans;
}

/** An escape of JSON, or one that the text's end cuts off. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|(["\\/bfnrt]))|\\(?:u[0-9a-f]{0,3})?$/gi;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** A text with its escapes resolved, and where each of its units, and its end, stood in it. */
function unescaped(text: string): { plain: string; offsets: Uint32Array } {
  const offsets = new Uint32Array(text.length + 1);
  let plain = '';
  let end = 0;
  const add = (units: string, at: number) => {
    for (let index = 0; index < units.length; index += 1) offsets[plain.length + index] = at + index;
    plain += units;
  };
  for (const { 0: escape, 1: hex, 2: short, index } of text.matchAll(ESCAPE)) {
    add(text.slice(end, index), end);
    end = index + escape.length;
    if (hex !== undefined) add(String.fromCharCode(parseInt(hex, 16)), index);
    else if (short !== undefined) add(CONTROLS[short] ?? short, index);
  }
  add(text.slice(end), end);
  offsets[plain.length] = text.length;
  return { plain, offsets };
}
