import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidentialIn, redact, REDACTED } from '../../src/delivery/redact.js';

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
    ['too little of it to matter', 'Bea', 'Bea'],
    ['backslashes that escape nothing', String.raw`C:\x\ ${TOKEN}`, String.raw`C:\x\ ${REDACTED}`],
  ])('in a text that has %s', (_what, text, wanted) => expect(redact(text, [TOKEN])).toBe(wanted));

  it('with backslashes of its own is found as it is and as JSON', () => {
    const value = String.raw`DOMAIN\\user\n:pass`;
    expect(redact(`<${value}>`, [value])).toBe(`<${REDACTED}>`);
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

  it('is looked for in a time that does not grow with it, whatever a receiver makes of its answer', () => {
    const text = 'a'.repeat(200_000);
    const timeFor = (length: number) => {
      const half = 'a'.repeat(length / 2);
      const startedAt = performance.now();
      redact(text, [`${half}b${half}`]);
      return performance.now() - startedAt;
    };
    timeFor(100);
    // A search that begins anew at every character takes 40 times as long, at least.
    expect(timeFor(4_000)).toBeLessThan(10 * timeFor(100));
  });
});

describe('what is confidential', () => {
  it('is every secret, and every header of eight characters or more, without its scheme too', () => {
    const headers = {
      Authorization: 'Bearer abcdefgh',
      'X-Key': ' 12345678 ',
      'X-Short': '1234567',
      'X-Words': 'three words here',
      'X-Scheme': 'Token abc',
      'X-Basic': `Basic ${Buffer.from('me:s3cretpass').toString('base64')}`,
    };
    expect(confidentialIn(['whsec_a1b2c3d4', 'schlüssel'], headers)).toEqual([
      'whsec_a1b2c3d4',
      'schlüssel',
      'a1b2c3d4',
      'Bearer abcdefgh',
      'abcdefgh',
      '12345678',
      'three words here',
      'Token abc',
      'Basic bWU6czNjcmV0cGFzcw==',
      'bWU6czNjcmV0cGFzcw==',
      'me:s3cretpass',
      's3cretpass',
      // As URLs write them.
      'schl%C3%BCssel',
      'Bearer%20abcdefgh',
      'three%20words%20here',
      'Token%20abc',
      'Basic%20bWU6czNjcmV0cGFzcw%3D%3D',
      'bWU6czNjcmV0cGFzcw%3D%3D',
      'me%3As3cretpass',
    ]);
  });
});
