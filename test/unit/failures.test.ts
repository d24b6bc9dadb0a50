import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRefused } from '../../src/delivery/address-guard.js';
import {
  asOneLine,
  CertificateWanted,
  ConnectionLost,
  failureOf,
  InvalidAnswer,
  LONGEST_TEXT,
} from '../../src/delivery/failure.js';
import { NotResolved } from '../../src/delivery/resolve.js';

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

describe('a failure', () => {
  const errorWith = (code: string, message = 'why') => Object.assign(new Error(message), { code });

  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EAI_FAIL', 'dns'],
    ['ENODATA', 'dns'],
    ['ECONNREFUSED', 'connection_refused'],
    ['ECONNRESET', 'connection_lost'],
    ['EPIPE', 'connection_lost'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EADDRNOTAVAIL', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['SOMETHING_NEW', 'unknown'],
  ])('%s is told as %s, with its text', (code, wanted) =>
    expect(failureOf(errorWith(code))).toEqual({ code: wanted, text: 'why' }),
  );

  it.each([
    [new AddressRefused('why'), 'address_refused'],
    [new NotResolved('why'), 'dns'],
    [new InvalidAnswer('why'), 'invalid_answer'],
    [new ConnectionLost('why'), 'connection_lost'],
  ])('%s is told as %s, with its text', (error, code) =>
    expect(failureOf(error)).toEqual({ code, text: 'why' }),
  );

  it('of a certificate that was wanted is one of TLS', () => {
    expect(failureOf(new CertificateWanted())).toEqual({
      code: 'tls',
      text: 'the receiver asks for a client certificate',
    });
  });

  it('of several addresses is told by the first; one without words by its code', () => {
    expect(failureOf(new AggregateError([errorWith('ECONNREFUSED', ''), errorWith('ENETUNREACH')]))).toEqual({
      code: 'connection_refused',
      text: 'ECONNREFUSED',
    });
  });

  it('that says nothing at all is unknown', () => {
    expect(failureOf({})).toEqual({ code: 'unknown', text: '' });
  });

  it.each([
    ['AddressRefused', new AddressRefused('why')],
    ['NotResolved', new NotResolved('why')],
    ['InvalidAnswer', new InvalidAnswer('why')],
    ['ConnectionLost', new ConnectionLost('why')],
    ['CertificateWanted', new CertificateWanted()],
  ])('has a name of its own: %s', (name, failure) => expect(failure.name).toBe(name));
});
