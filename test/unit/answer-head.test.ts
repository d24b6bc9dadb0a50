import { describe, expect, it } from 'vitest';
import {
  Fields,
  framingOf,
  statusLineOf,
  waitOffered,
  type Framing,
} from '../../src/delivery/answer-head.js';
import { InvalidAnswer } from '../../src/delivery/failure.js';

function fieldsOf(...lines: string[]): Fields {
  const fields = new Fields();
  for (const line of lines) fields.add(line);
  return fields;
}

describe('a status line', () => {
  it.each([
    ['HTTP/1.1 200 OK', 200, true],
    ['HTTP/1.1 200', 200, true],
    ['HTTP/1.1  503 Try later', 503, true],
    ['HTTP/1.1 299\tOdd', 299, true],
    ['HTTP/1.0 200 OK', 200, false],
    ['HTTP/0.9 200 OK', 200, false],
    ['HTTP/1 200 OK', 200, false],
    ['HTTP/2 200', 200, true],
    ['HTTP/1.2 999 What', 999, true],
  ])('%j has the status %i; the connection stays open: %s', (line, statusCode, isPersistent) => {
    expect(statusLineOf(line)).toEqual({ statusCode, isPersistent });
  });

  it.each([
    '',
    'HTTP/1.1',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 200OK',
    'HTTP/1.1200 OK',
    'HTTP/11.1 200 OK',
    'HTTP/1.11 200 OK',
    'http/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    'ICY 200 OK',
  ])('%j is none', (line) => {
    expect(() => statusLineOf(line)).toThrow(new InvalidAnswer(`its first line is no status line: ${line}`));
  });
});

describe('header fields', () => {
  it('are found by name, whatever its case, without white space around their values', () => {
    const fields = fieldsOf('Content-Type:  text/plain ', 'X-Empty:', 'X-Colons: a:b:c');
    expect(fields.first('content-type')).toBe('text/plain');
    expect(fields.first('x-empty')).toBe('');
    expect(fields.first('x-colons')).toBe('a:b:c');
    expect(fields.first('missing')).toBeUndefined();
    expect(fields.isOdd).toBe(false);
  });

  it('are lists over several lines, in lower case and without empty members', () => {
    const fields = fieldsOf('Connection: Keep-Alive, , Upgrade', 'X: y', 'connection: close');
    expect(fields.list('connection')).toEqual(['keep-alive', 'upgrade', 'close']);
    expect(fields.list('missing')).toEqual([]);
    expect(fields.first('connection')).toBe('Keep-Alive, , Upgrade');
  });

  it('go on in a line that begins with white space, which is odd', () => {
    const fields = fieldsOf('X: a', '  b', '\tc ', 'Y: d');
    expect(fields.first('x')).toBe('a b c');
    expect(fields.first('y')).toBe('d');
    expect(fields.isOdd).toBe(true);
    expect(fieldsOf(' X: a').first('x')).toBeUndefined();
    expect(fieldsOf(' X: a').isOdd).toBe(true);
  });

  it.each(['no colon', ': no name', 'Space : before', 'X: a\0b', 'X: a\rb'])('%j is odd', (line) => {
    expect(fieldsOf(line).isOdd).toBe(true);
  });

  it('without a name, or without a colon, are left out', () => {
    const fields = fieldsOf('no colon', ': no name', 'X: y');
    expect(fields.first('no colon')).toBeUndefined();
    expect(fields.first('no colo')).toBeUndefined();
    expect(fields.first('')).toBeUndefined();
    expect(fields.first('x')).toBe('y');
  });

  it('are found by their names without the white space behind those', () => {
    expect(fieldsOf('Space : before').first('space')).toBe('before');
  });
});

describe('a body', () => {
  it.each<[number, string[], Framing, boolean]>([
    [200, [], { kind: 'until closed' }, false],
    [200, ['Content-Length: 0'], { kind: 'length', bytes: 0 }, false],
    [200, ['Content-Length: 12'], { kind: 'length', bytes: 12 }, false],
    [200, ['Content-Length: 12', 'Content-Length: 12'], { kind: 'length', bytes: 12 }, true],
    [200, ['Transfer-Encoding: chunked'], { kind: 'chunked' }, false],
    [200, ['Transfer-Encoding: gzip, Chunked'], { kind: 'chunked' }, false],
    [200, ['Transfer-Encoding: chunked, gzip'], { kind: 'until closed' }, false],
    [200, ['Transfer-Encoding: chunked', 'Content-Length: 12'], { kind: 'chunked' }, true],
    [204, [], { kind: 'none' }, false],
    [304, [], { kind: 'none' }, false],
    [204, ['Content-Length: 0'], { kind: 'none' }, false],
    [204, ['Content-Length: 5'], { kind: 'none' }, true],
    [304, ['Transfer-Encoding: chunked'], { kind: 'none' }, true],
    [205, ['Content-Length: 5'], { kind: 'length', bytes: 5 }, false],
  ])('of a %i with %j is %j; odd: %s', (statusCode, lines, framing, isOdd) => {
    const fields = fieldsOf(...lines);
    expect(framingOf(statusCode, fields)).toEqual(framing);
    expect(fields.isOdd).toBe(isOdd);
  });

  it.each([
    ['Content-Length: five'],
    ['Content-Length: -5'],
    ['Content-Length: 5x'],
    ['Content-Length: 5, 6'],
    ['Content-Length: 5', 'Content-Length: 6'],
  ])('has an end that nobody knows: %j', (...lines) => {
    expect(() => framingOf(200, fieldsOf(...lines))).toThrow(new InvalidAnswer('its length cannot be read'));
  });
});

describe('a connection', () => {
  const wait = (isPersistent: boolean, ...lines: string[]) =>
    waitOffered({ statusCode: 200, isPersistent }, fieldsOf(...lines));

  it.each([
    ['HTTP/1.1', true, [], 4_000],
    ['HTTP/1.1 that closes', true, ['Connection: close'], 0],
    ['HTTP/1.0', false, [], 0],
    ['HTTP/1.0 that stays', false, ['Connection: keep-alive'], 4_000],
    ['HTTP/1.0 that says for how long, and not that it stays', false, ['Keep-Alive: timeout=9'], 0],
    ['9 s', true, ['Keep-Alive: timeout=9'], 7_000],
    ['9 s among others', true, ['Keep-Alive: max=100, Timeout=9'], 7_000],
    ['another timeout', true, ['Keep-Alive: xtimeout=9'], 4_000],
    ['a second', true, ['Keep-Alive: timeout=1'], 0],
    ['32 s', true, ['Keep-Alive: timeout=32'], 30_000],
    ['an hour', true, ['Keep-Alive: timeout=3600'], 30_000],
    ['no number', true, ['Keep-Alive: timeout=long'], 4_000],
  ])('waits for its next POST by what its receiver says: %s', (_what, isPersistent, lines, ms) => {
    expect(wait(isPersistent, ...lines)).toBe(ms);
  });
});
