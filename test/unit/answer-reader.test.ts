import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_BODY_BYTES, AnswerReader } from '../../src/delivery/answer-reader.js';

/** What is read of an answer whose bytes come in these pieces. */
function read(pieces: readonly Buffer[]) {
  const reader = new AnswerReader();
  try {
    for (const piece of pieces) if (!reader.isAtEnd) reader.read(piece);
  } catch (error) {
    return (error as Error).message;
  }
  const { statusCode, isWhole, isAtEnd, waitMs } = reader;
  return { statusCode, isWhole, isAtEnd, waitMs, body: reader.body.toString('latin1') };
}

/** The same bytes, cut anywhere. */
function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const cuts = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

const HEADS = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
  'HTTP/1.1 204\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\nTransfer-Encoding: chunked\n\n',
  'HTTP/1.0 200 OK\r\nKeep-Alive: timeout=9\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n',
];
const PARTS = [
  'hello',
  '5\r\nhello\r\n',
  '2;a=b\r\nhi\r\n',
  '0\r\n',
  'X: y\r\n',
  '\r\n',
  '\n',
  'HTTP/1.1 ',
  'zz',
];

describe('an answer', () => {
  it('is read alike, however its bytes are cut', () => {
    const bytes = fc
      .tuple(
        fc.constantFrom('', '\r\n', 'x', ...HEADS),
        fc.constantFrom(...HEADS, ''),
        fc.array(fc.constantFrom(...PARTS)),
      )
      .map(([first, head, parts]) => Buffer.from(first + head + parts.join('')));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat()), (whole, at) => {
        const pieces = cut(whole, at).filter((piece) => piece.length > 0);
        const wanted = read(pieces.length === 0 ? [] : [whole]);
        const found = read(pieces);
        // What comes after its end may come too late to be seen, but never changes what it was.
        if (typeof wanted === 'string' || typeof found === 'string') expect(typeof found).toBe(typeof wanted);
        else expect({ ...found, waitMs: 0 }).toEqual({ ...wanted, waitMs: 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be anything: it is read, or is said to be none', () => {
    fc.assert(
      fc.property(fc.constantFrom('', ...HEADS), fc.uint8Array(), fc.array(fc.nat()), (head, rest, at) => {
        const found = read(cut(Buffer.concat([Buffer.from(head), rest]), at));
        if (typeof found === 'string') expect(found).toMatch(/^it|^its|^too many/);
      }),
    );
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 4_000],
    ['HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=9\r\nContent-Length: 0\r\n\r\n', 3_000],
    ['HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\nContent-Length: 0\r\n\r\n', 30_000],
    ['HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n', 0],
    ['HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n', 0],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 0],
    ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', 4_000],
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP', 0],
    ['HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n', 0],
  ])('%j lets its connection wait for %i ms', (bytes, waitMs) =>
    expect(read([Buffer.from(bytes)])).toMatchObject({ statusCode: 200, isWhole: true, waitMs }),
  );
});

describe('a body', () => {
  const OK = 'HTTP/1.1 200 OK\r\n';
  const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
  const whole = { statusCode: 200, isWhole: true, isAtEnd: true, waitMs: 4_000 };
  const broken = { statusCode: 200, isWhole: false, isAtEnd: true, waitMs: 0 };
  const goesOn = { statusCode: 200, isWhole: false, isAtEnd: false, waitMs: 0 };

  it.each([
    ['of its length', `${OK}Content-Length: 5\r\n\r\nhello`, { ...whole, body: 'hello' }],
    ['that lacks something', `${OK}Content-Length: 5\r\n\r\nhell`, { ...goesOn, body: 'hell' }],
    ['with more behind it', `${OK}Content-Length: 5\r\n\r\nhello!`, { ...whole, waitMs: 0, body: 'hello' }],
    ['that ends with its connection', `${OK}\r\nhello`, { ...goesOn, body: 'hello' }],
    ['that there is none of', 'HTTP/1.1 204 No\r\n\r\n', { ...whole, statusCode: 204, body: '' }],
    [
      'after interim answers',
      `HTTP/1.1 100 Go\r\nConnection: close\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`,
      { ...whole, body: 'hi' },
    ],
    ['after empty lines', `\r\n\n${OK}Content-Length: 2\r\n\r\nhi`, { ...whole, waitMs: 0, body: 'hi' }],
    [
      'in chunks',
      `${CHUNKED}5\r\nhello\r\n2;a=b\r\nhi\r\nA \r\n0123456789\r\n0\r\n\r\n`,
      { ...whole, body: 'hellohi0123456789' },
    ],
    [
      'in a chunk of 16',
      `${CHUNKED}10\r\n0123456789abcdef\r\n0\r\n\r\n`,
      { ...whole, body: '0123456789abcdef' },
    ],
    ['in chunks, with trailers', `${CHUNKED}2\r\nhi\r\n0\r\nX: y\r\nZ: z\r\n\r\n`, { ...whole, body: 'hi' }],
    ['in chunks, whose trailers go on', `${CHUNKED}2\r\nhi\r\n0\r\nX: y\r\n`, { ...goesOn, body: 'hi' }],
    ['whose chunk goes on', `${CHUNKED}5\r\nhel`, { ...goesOn, body: 'hel' }],
    ['whose chunk is longer than it says', `${CHUNKED}2\r\nhiX\r\n0\r\n\r\n`, { ...broken, body: 'hi' }],
    ['whose chunk has no size', `${CHUNKED}2\r\nhi\r\nzz\r\n`, { ...broken, body: 'hi' }],
    ['whose chunk has a size with something behind it', `${CHUNKED}2x\r\nhi\r\n`, { ...broken, body: '' }],
    ['whose chunk has too large a size', `${CHUNKED}${'0'.repeat(16)}2\r\nhi\r\n`, { ...broken, body: '' }],
    ['whose length cannot be read', `${OK}Content-Length: x\r\n\r\nhi`, { ...broken, body: '' }],
  ])('%s', (_what, text, wanted) => {
    expect(read([Buffer.from(text)])).toEqual(wanted);
    expect(read([...Buffer.from(text)].map((byte) => Buffer.of(byte)))).toEqual(
      text.endsWith('!') ? { ...wanted, waitMs: 4_000 } : wanted,
    );
  });

  it('is kept up to 20 KB, and one that goes on is not read further', () => {
    const of = (bytes: number) =>
      read([Buffer.from(`${OK}Content-Length: ${bytes}\r\n\r\n`), Buffer.alloc(bytes, 'x')]);
    expect(of(ANSWER_BODY_BYTES)).toEqual({ ...whole, body: 'x'.repeat(20_480) });
    expect(of(ANSWER_BODY_BYTES + 1)).toEqual({ ...broken, body: 'x'.repeat(20_480) });
  });
});

describe('what is no answer', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'it is not HTTP, but begins with SSH-2.0-OpenSSH_9.6'],
    ['its first line', '220 mail ready\nmore', 'it is not HTTP, but begins with 220 mail ready'],
    ['after an empty line', '\r\nhello', 'it is not HTTP, but begins with hello'],
    [
      'bytes',
      '\x15\x03\x01\x00\x02\x02\x16\x00\x00',
      'it is not HTTP, but begins with the bytes 1503010002021600',
    ],
    ['text and bytes', 'hello\x01\n', 'it is not HTTP, but begins with the bytes 68656c6c6f010a'],
    ['bytes and text', '\x01hello\n', 'it is not HTTP, but begins with the bytes 0168656c6c6f0a'],
    ['a long line', 'y'.repeat(200), `it is not HTTP, but begins with ${'y'.repeat(100)}`],
    ['no status', 'HTTP/1.1 OK\r\n', 'its first line is no status line: HTTP/1.1 OK'],
    [
      'another use of the connection',
      'HTTP/1.1 101 Switching Protocols\r\n\r\n',
      'it switches protocols, which nobody asked for',
    ],
    ['a line without end', `HTTP/1.1 200 ${'x'.repeat(16_384)}`, 'its headers have more than 16 KB'],
    [
      'interim headers without end',
      `HTTP/1.1 100 Go\r\nX: ${'x'.repeat(16_384)}`,
      'its headers have more than 16 KB',
    ],
    ['interim answers without end', 'HTTP/1.1 100 Go\r\n\r\n'.repeat(14_000), 'it has more than 256 KB'],
  ])('is said to be none: %s', (_what, text, problem) =>
    expect(read([Buffer.from(text, 'latin1')])).toBe(problem),
  );

  it('is what has headers without end, but its status counts', () => {
    const head = (bytes: number) => {
      const line = 'HTTP/1.1 200 OK\r\n';
      return read([Buffer.from(`${line}X: ${'x'.repeat(bytes - line.length - 7)}\r\n\r\n`)]);
    };
    expect(head(16_384)).toMatchObject({ statusCode: 200, isAtEnd: false });
    expect(head(16_385)).toMatchObject({ statusCode: 200, isAtEnd: true, isWhole: false });
  });

  it('is counted in bytes', () => {
    const reader = new AnswerReader();
    for (const piece of ['HTTP/1.1 200', ' OK\r\n', '\r\nabc']) reader.read(Buffer.from(piece));
    expect(reader.bytesRead).toBe(22);
    expect(reader.statusCode).toBe(200);
  });
});
