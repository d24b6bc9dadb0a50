import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../../src/delivery/answer-reader.js';

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
