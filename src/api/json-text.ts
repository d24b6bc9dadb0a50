import { pointerTo } from './json-pointer.js';
import { MAX_FIELD_ERRORS, type FieldError } from './problem.js';

/** Deeper nesting than anyone's events have, and less than what a recursive reader would break on. */
export const MAX_DEPTH = 128;

/**
 * Looks at JSON text for what would not come through unchanged: numbers that a double does not hold exactly (they
 * would be altered by parse and stringify, and a signature over them would not verify), and nesting deeper than
 * `MAX_DEPTH`. The text must have been parsed already; this only finds its way in it.
 */
export function unfaithfulParts(text: string): FieldError[] {
  const errors: FieldError[] = [];
  const path: { key: string | number }[] = [];
  let key: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    switch (character) {
      case QUOTE: {
        const end = endOfString(text, at);
        // In an object, a string is a key when a colon follows; the key of a value is always the last one seen.
        const top = path.at(-1);
        if (top && typeof top.key === 'string' && key === undefined) {
          key = JSON.parse(text.slice(at, end + 1)) as string;
          top.key = key;
        }
        at = end;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (path.length >= MAX_DEPTH) {
          return [{ pointer: pointerTo(path.slice(0, 2).map((step) => step.key)), detail: TOO_DEEP }];
        }
        path.push({ key: character === OPEN_ARRAY ? 0 : '' });
        key = undefined;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        path.pop();
        break;
      case COMMA: {
        const top = path.at(-1);
        if (top && typeof top.key === 'number') top.key += 1;
        key = undefined;
        break;
      }
      default:
        if (character === MINUS || (character >= ZERO && character <= NINE)) {
          const end = endOfNumber(text, at);
          const number = text.slice(at, end + 1);
          if (!isExact(number)) {
            errors.push({
              pointer: pointerTo(path.map((step) => step.key)),
              detail: CANNOT_BE_HELD,
            });
            if (errors.length >= MAX_FIELD_ERRORS) return errors;
          }
          at = end;
        }
    }
  }
  return errors;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;
/** Without the number: somebody may have forgotten a secret's quotes. */
const CANNOT_BE_HELD = 'is a number that cannot be held exactly: send it as a string';
/** Numbers of so few characters, without an exponent, are always exact. */
const SAFE_LENGTH = 15;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function endOfNumber(text: string, start: number): number {
  const numeric = /[-+.0-9eE]*/y;
  numeric.lastIndex = start;
  numeric.test(text);
  return numeric.lastIndex - 1;
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
