import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { redact, REDACTED } from '../../src/delivery/redact.js';

const TOKEN = 'Bearer s3cr3t+/token="x"';

describe('a value', () => {
  it.each([
    ['nothing', '', ''],
    ['other words', 'all is well', 'all is well'],
    ['it alone', TOKEN, REDACTED],
    ['it twice', `a ${TOKEN} b ${TOKEN} c`, `a ${REDACTED} b ${REDACTED} c`],
    ['it twice at once', TOKEN + TOKEN, REDACTED + REDACTED],
    ['it as JSON', JSON.stringify({ authorization: TOKEN }), `{"authorization":"${REDACTED}"}`],
    ['it as PHP writes JSON', String.raw`"Bearer s3cr3t+\/token=\"x\""`, `"${REDACTED}"`],
    ['it as .NET writes JSON', String.raw`"Bearer s3cr3t\u002B/token=\u0022x\u0022"`, `"${REDACTED}"`],
    ['it as Go writes JSON', String.raw`"Bearer s3cr3t+/token\u003d\"x\""`, `"${REDACTED}"`],
    ['a part of it', 'Bearer s3cr3t+ and so on', 'Bearer s3cr3t+ and so on'],
    ['its beginning, and then the end', 'you sent: Bearer s3cr3t+/to', `you sent: ${REDACTED}`],
    ['its beginning as JSON, and then the end', String.raw`{"a":"Bearer s3cr3t+\/to`, `{"a":"${REDACTED}`],
    ['its beginning, and the end in an escape', String.raw`{"a":"Bearer s3cr3t\u00`, `{"a":"${REDACTED}`],
    ['what begins alike, and then its beginning', 'Bearx Bearer', `Bearx ${REDACTED}`],
    ['its beginning alone', 'Bearer s3c', REDACTED],
    [
      'its beginning as JSON, and half an escape',
      String.raw`{"a":"Bearer s3cr3t+` + '\\',
      `{"a":"${REDACTED}`,
    ],
    ['too little of it to matter', 'Bea', 'Bea'],
    ['backslashes that escape nothing', String.raw`C:\x\ ${TOKEN}`, String.raw`C:\x\ ${REDACTED}`],
  ])('in a text that has %s', (_what, text, wanted) => expect(redact(text, [TOKEN])).toBe(wanted));

  it('with backslashes of its own is found as it is and as JSON', () => {
    const value = String.raw`DOMAIN\\user\n:pass`;
    expect(redact(`<${value}>`, [value])).toBe(`<${REDACTED}>`);
    expect(redact(JSON.stringify([value]), [value])).toBe(`["${REDACTED}"]`);
  });

  it('is found wherever it stands among others, and is not said', () => {
    expect(redact('two: second-value, one: first-value!', ['first-value', 'second-value'])).toBe(
      'two: [redacted], one: [redacted]!',
    );
    expect(redact(String.raw`"a\/first" and a/first`, ['a/first'])).toBe(`"${REDACTED}" and ${REDACTED}`);
  });

  it('with control characters is found as JSON', () => {
    const value = 'one\ttwo\rthree\nfour\bfive\fsix';
    expect(redact(JSON.stringify([value]), [value])).toBe(`["${REDACTED}"]`);
  });

  it('that overlaps another is replaced with it as one', () => {
    expect(redact('xx first-common-second yy', ['first-common', 'common-second', 'first-com'])).toBe(
      `xx ${REDACTED} yy`,
    );
  });

  it('of any characters is never left in a text, however it is escaped', () => {
    const value = fc.string({ unit: 'binary', minLength: 8, maxLength: 20 });
    const written = [
      (text: string) => text,
      (text: string) => JSON.stringify(text),
      (text: string) => JSON.stringify(text).replaceAll('/', '\\/'),
      (text: string) =>
        [...Array(text.length).keys()]
          .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()}`)
          .join(''),
    ];
    fc.assert(
      fc.property(
        fc.string(),
        value,
        fc.string(),
        fc.constantFrom(...written),
        (before, secret, after, write) => {
          const redacted = redact(`${before}<${write(secret)}>${after}`, [secret]);
          expect(redacted).toContain(REDACTED);
          expect(redacted).not.toContain(write(secret));
        },
      ),
    );
  });

  it('that is longer than what it is looked for by is replaced as a whole, and so is its beginning', () => {
    const value = `${'x'.repeat(100)}-${'y'.repeat(100)}`;
    expect(redact(`<${value}>`, [value])).toBe(`<${REDACTED}>`);
    expect(redact(`<${value.slice(0, 150)}>`, [value])).toBe(`<${REDACTED}>`);
    expect(redact(`<${value.slice(0, 63)}>`, [value])).toBe(`<${value.slice(0, 63)}>`);
    expect(redact(`<${value.slice(0, 63)}`, [value])).toBe(`<${REDACTED}`);
    expect(redact(`<${value.slice(0, 150)}`, [value])).toBe(`<${REDACTED}`);
  });

  it.each([10, 200])('is looked for by a few searches of the whole text: %i values', (count) => {
    const values = Array.from({ length: count }, (_, n) => `Bearer tok-${n}-${'s3cr3t'.repeat(8)}`);
    const text = `{"a":"${'x\\n'.repeat(6_700)}"}`;
    const searches = vi.spyOn(String.prototype, 'indexOf');
    const looks = vi.spyOn(String.prototype, 'charCodeAt');
    const redacted = redact(text, values);
    const counts = [searches.mock.calls.length, looks.mock.calls.length];
    vi.restoreAllMocks();
    expect(redacted).toBe(text);
    // As it is and unescaped, for the value and for its beginning at the end; never unit by unit.
    expect(counts[0]).toBe(4 * count);
    expect(counts[1]).toBe(0);
  });
});
