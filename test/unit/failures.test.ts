import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOneLine, LONGEST_TEXT } from '../../src/delivery/failure.js';

describe('a text that a receiver may have made', () => {
  it.each([
    ['plain', 'plain'],
    ['Zoë ☃ 😀', 'Zoë ☃ 😀'],
    ['a\r\nb\0c\u001b[31md\u007f', 'a��b�c�[31md�'],
    ['left \u202Eright\u2028next\u200b', 'left �right�next�'],
    ['half \ud83d and \ude00 half', 'half � and � half'],
  ])('%j becomes one line: %j', (text, wanted) => expect(asOneLine(text)).toBe(wanted));

  it('is kept up to its longest, and cut between characters', () => {
    expect(asOneLine('x'.repeat(LONGEST_TEXT))).toBe('x'.repeat(LONGEST_TEXT));
    expect(asOneLine('x'.repeat(LONGEST_TEXT + 1))).toBe(`${'x'.repeat(LONGEST_TEXT - 1)}…`);
    expect(asOneLine('😀'.repeat(1_000))).toBe(`${'😀'.repeat(LONGEST_TEXT - 1)}…`);
    expect(asOneLine('abcdef', 4)).toBe('abc…');
  });

  it('is short, and whole characters, whatever it was', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0xffff }), { maxLength: 1_000 }), (units) => {
        const line = asOneLine(String.fromCharCode(...units));
        expect([...line].length).toBeLessThanOrEqual(LONGEST_TEXT);
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(Buffer.from(line).toString()).toBe(line);
      }),
    );
  });
});
