import { pointerTo } from './json-pointer.js';
import { MAX_FIELD_ERRORS, type FieldError } from './problem.js';

/** Deeper nesting than anyone's events have, and less than what a recursive reader would break on. */
export const MAX_DEPTH = 128;
/** Maximum members of all objects in a body: each costs a parser up to some microseconds, a hundred times its bytes. */
export const MAX_MEMBERS = 100_000;
/** From this many members on, parsing may take long enough for others to notice. */
export const MANY_MEMBERS = 10_000;

/** What a look at JSON text finds before it is parsed. */
export type JsonTextFindings =
  /** Too many members to parse: the scan ended there. */
  | { readonly kind: 'too_many_members' }
  /** Values that parsing would change. Says nothing about text that is not JSON. */
  | { readonly kind: 'looked_at'; readonly members: number; readonly unfaithful: readonly FieldError[] };

/**
 * Looks at JSON text for what would not come through unchanged, or not to every reader in the same way: numbers that a
 * double does not hold exactly (they would be altered by parse and stringify, and a signature over them would not
 * verify), a key given twice in an object (the first one's value would be lost), half a surrogate in a text or a key
 * (UTF-8 has none, and strict readers refuse the body for ever), and nesting deeper than `MAX_DEPTH`.
 *
 * In one pass, in time that grows with the text alone. The text need not be JSON: then it finds nothing that matters.
 */
export function lookAtJson(text: string): JsonTextFindings {
  const errors: FieldError[] = [];
  const mayBreakSurrogates = SURROGATE_ESCAPE.test(text);
  const path: Container[] = [];
  let top: Container | undefined;
  let members = 0;
  const found = (detail: string) =>
    errors.push({ pointer: pointerTo(path.map((container) => stepOf(container))), detail });

  for (let at = 0; at < text.length && errors.length <= MAX_FIELD_ERRORS; at += 1) {
    const character = text.charCodeAt(at);
    switch (character) {
      case QUOTE: {
        const end = endOfString(text, at);
        // In an object, the first string after its beginning or a comma is a key.
        const isKey = top?.kind === 'object' && !top.hasKey;
        if (top?.kind === 'object' && isKey) {
          members += 1;
          if (members > MAX_MEMBERS) return { kind: 'too_many_members' };
          top.hasKey = true;
          top.key = quotedKey(text, at, end);
          if (!isNew(top)) found(GIVEN_TWICE);
        }
        if (mayBreakSurrogates && isBroken(text.slice(at, end + 1))) {
          found(isKey ? BROKEN_KEY : BROKEN_TEXT);
        }
        at = end;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (path.length >= MAX_DEPTH) {
          const pointer = pointerTo(path.slice(0, 2).map((container) => stepOf(container)));
          return { kind: 'looked_at', members, unfaithful: [{ pointer, detail: TOO_DEEP }] };
        }
        top =
          character === OPEN_ARRAY
            ? { kind: 'array', index: 0 }
            : { kind: 'object', hasKey: false, key: '', few: [], seen: null };
        path.push(top);
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        path.pop();
        top = path.at(-1);
        break;
      case COMMA:
        if (top?.kind === 'array') top.index += 1;
        else if (top) top.hasKey = false;
        break;
      default:
        if (character === MINUS || (character >= ZERO && character <= NINE)) {
          const end = endOfNumber(text, at);
          if (!isExact(text.slice(at, end + 1))) found(CANNOT_BE_HELD);
          at = end;
        }
    }
  }
  return { kind: 'looked_at', members, unfaithful: errors };
}

/** Where the look is: an array's element, or an object's member. */
type Container =
  | { readonly kind: 'array'; index: number }
  | {
      readonly kind: 'object';
      hasKey: boolean;
      /** With its opening quote. */
      key: string;
      /** The keys so far: most objects have few, and a set of them costs more. */
      readonly few: string[];
      seen: Set<string> | null;
    };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const UPPER_E = 0x45;

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;
/** Without the number: somebody may have forgotten a secret's quotes. */
const CANNOT_BE_HELD = 'is a number that cannot be held exactly: send it as a string';
const GIVEN_TWICE = 'is given twice';
const BROKEN_TEXT = 'has half a surrogate pair: that is not Unicode text';
const BROKEN_KEY = 'has half a surrogate pair in its name: that is not Unicode text';

/** Text that came as UTF-8 has surrogates by escapes alone. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
const HALF_SURROGATE = /\p{Cs}/u;
const MOST_IN_A_LIST = 8;
/** Numbers of so few characters, without an exponent, are always exact. */
const SAFE_LENGTH = 15;

function stepOf(container: Container): string | number {
  return container.kind === 'array' ? container.index : container.key.slice(1);
}

/** Whether an object's key is given for the first time; then it is remembered. */
function isNew(object: Extract<Container, { kind: 'object' }>): boolean {
  const { few, key } = object;
  if (object.seen === null) {
    if (few.includes(key)) return false;
    few.push(key);
    if (few.length > MOST_IN_A_LIST) object.seen = new Set(few);
    return true;
  }
  if (object.seen.has(key)) return false;
  object.seen.add(key);
  return true;
}

/** A key in its one spelling, with an opening quote before it: so most are parts of the text, and none is an index. */
function quotedKey(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  return raw.includes('\\') ? `"${unescaped(`${raw}"`)}` : raw;
}

function isBroken(quoted: string): boolean {
  return SURROGATE_ESCAPE.test(quoted) && HALF_SURROGATE.test(unescaped(quoted));
}

/** A text as JSON has it, without its quotes; one that is not JSON as it is. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

/** Where a string's closing quote stands; the end of the text, or behind it, when it has none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    const isPart =
      (character >= ZERO && character <= NINE) ||
      character === DOT ||
      character === LOWER_E ||
      character === UPPER_E ||
      character === PLUS ||
      character === MINUS;
    if (!isPart) break;
  }
  return at - 1;
}

function isExact(number: string): boolean {
  if (number.length <= SAFE_LENGTH && !/[eE]/.test(number)) return true;
  const value = Number(number);
  return Number.isFinite(value) && decimalOf(number) === decimalOf(String(value));
}

/** A number's decimal value in one spelling: significant digits and a power of ten. */
function decimalOf(number: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(number);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  const all = whole + fraction;
  let start = 0;
  while (all[start] === '0') start += 1;
  const digits = all.slice(start);
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const significant = digits.slice(0, end);
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
