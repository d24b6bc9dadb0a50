import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHashOf } from '../../src/lib/canonical-json.js';

const same = (a: string, b: string) => contentHashOf(JSON.parse(a)).equals(contentHashOf(JSON.parse(b)));

/** The same value with the keys of every object the other way round. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, turnedRound(member)] as const);
  return Object.fromEntries(entries.reverse());
}

describe('content', () => {
  it.each([
    ['{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
    ['{ "a" : 1.0 }', '{"a":1}'],
    ['[1e2,-0]', '[100,0]'],
    ['"\\u0061"', '"a"'],
    ['{"a":1,"a":2}', '{"a":2}'],
  ])('%s is the same as %s', (a, b) => expect(same(a, b)).toBe(true));

  it.each([
    ['[1,2]', '[2,1]'],
    ['{"a":1}', '{"a":"1"}'],
    ['{"a":null}', '{}'],
    ['[]', '{}'],
    ['{"a":{"b":1}}', '{"a":{},"b":1}'],
    ['{"a":[1],"b":[]}', '{"a":[],"b":[1]}'],
    ['"a"', '"A"'],
    ['"e\u0301"', '"\u00e9"'],
    ['{"__proto__":{"a":1}}', '{}'],
    ['{"a\\":1,\\"b":2}', '{"a":1,"b":2}'],
    ['0', 'false'],
    ['[null]', '[]'],
  ])('%s is other than %s', (a, b) => expect(same(a, b)).toBe(false));

  it('is the same in whatever order the keys stand', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turnedRound(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is the same exactly for deeply equal values', () => {
    const small = fc.jsonValue({ maxDepth: 2, depthSize: 'small' });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [left, right] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
        expect(canonicalJson(left) === canonicalJson(right)).toBe(isDeepStrictEqual(left, right));
      }),
    );
  });

  it.each([
    [{ b: undefined, a: 1 }, '{"a":1}'],
    [{ a: undefined }, '{}'],
    [[-0, 1e21, 0.1], '[0,1e+21,0.1]'],
  ])('%j is %s', (value, text) => expect(canonicalJson(value)).toBe(text));

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });
});
