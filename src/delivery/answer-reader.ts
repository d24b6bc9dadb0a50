import { Fields, framingOf, statusLineOf, waitOffered, type StatusLine } from './answer-head.js';
import { InvalidAnswer } from './failure.js';

/** How much of an answer's body is read and kept. */
export const ANSWER_BODY_BYTES = 20_480;
/** Maximum size of an answer's headers, of its trailers, and of the line before a chunk. */
const MOST_LINE_BYTES = 16_384;
/**
 * Maximum size of a whole answer, with what is not kept: more than all headers and the kept part of a body. Nothing else
 * bounds interim answers and what may stand between the chunks of a body.
 */
const MOST_ANSWER_BYTES = 262_144;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Continues when more bytes have arrived. */
type Reading<T> = Generator<undefined, T, undefined>;

/**
 * The answer to one POST, read from its connection's bytes as they come (RFC 9112). Pure.
 *
 * The status line decides what an answer means. At any fault after it, the answer ends with what has been read, and its
 * connection is not used again.
 */
export class AnswerReader {
  /** The status of the final answer, as soon as its status line has been read. */
  statusCode: number | null = null;
  readonly fields = new Fields();
  /** The answer is complete: nothing more is read. */
  isAtEnd = false;
  /** It has been read as far as it says that it goes. */
  isWhole = false;
  /** For how long the connection may wait for its next POST; 0 when it may not. */
  waitMs = 0;
  bytesRead = 0;

  private readonly kept: Buffer[] = [];
  private room = ANSWER_BODY_BYTES;
  private unread: Buffer = Buffer.alloc(0);
  private lineBytesLeft = 0;
  private hasOddLines = false;
  private readonly reading = this.answer();

  /** @throws InvalidAnswer when the bytes are not an answer to a POST over HTTP/1 */
  read(bytes: Buffer): void {
    this.bytesRead += bytes.length;
    this.unread = this.unread.length === 0 ? bytes : Buffer.concat([this.unread, bytes]);
    try {
      if (this.bytesRead > MOST_ANSWER_BYTES) throw new InvalidAnswer('it has more than 256 KB');
      if (this.reading.next().done) this.isAtEnd = true;
    } catch (error) {
      if (this.statusCode === null) throw error;
      this.isAtEnd = true;
    }
  }

  /** The first bytes of the body. */
  get body(): Buffer {
    return Buffer.concat(this.kept);
  }

  private *answer(): Reading<void> {
    const status = yield* this.finalHead();
    const framing = framingOf(status.statusCode, this.fields);
    switch (framing.kind) {
      case 'none':
        break;
      case 'length':
        yield* this.bodyBytes(framing.bytes);
        break;
      case 'chunked':
        yield* this.chunks();
        break;
      case 'until closed':
        yield* this.bodyBytes(Infinity);
    }
    this.isWhole = true;
    // Bytes after the end of an answer belong to no request.
    const isClean = !this.hasOddLines && !this.fields.isOdd && this.unread.length === 0;
    if (isClean) this.waitMs = waitOffered(status, this.fields);
  }

  /** Interim answers are passed over (RFC 9110, 15.2). */
  private *finalHead(): Reading<StatusLine> {
    for (;;) {
      this.lineBytesLeft = MOST_LINE_BYTES;
      const status = yield* this.statusLine();
      if (status.statusCode === 101) throw new InvalidAnswer('it switches protocols, which nobody asked for');
      const isFinal = status.statusCode >= 200;
      if (isFinal) this.statusCode = status.statusCode;
      for (let line = yield* this.line(); line !== ''; line = yield* this.line()) {
        if (isFinal) this.fields.add(line);
      }
      if (isFinal) return status;
    }
  }

  /** Empty lines before it do no harm. What cannot become one is not waited for. */
  private *statusLine(): Reading<StatusLine> {
    for (;;) {
      this.expectHttp();
      if (this.unread.includes(LINE_FEED)) {
        const line = yield* this.line();
        if (line !== '') return statusLineOf(line);
      } else {
        this.expectLines(this.unread.length);
        yield;
      }
    }
  }

  private *chunks(): Reading<void> {
    for (;;) {
      this.lineBytesLeft = MOST_LINE_BYTES;
      const size = /^([0-9a-f]{1,16})[ \t]*(?:;|$)/i.exec(yield* this.line())?.[1];
      if (size === undefined) throw new InvalidAnswer('it has a chunk without a size');
      const bytes = parseInt(size, 16);
      if (bytes === 0) break;
      yield* this.bodyBytes(bytes);
      if ((yield* this.line()) !== '') throw new InvalidAnswer('it has a chunk that is longer than it says');
    }
    while ((yield* this.line()) !== '');
  }

  private *bodyBytes(length: number): Reading<void> {
    for (let left = length; left > 0;) {
      if (this.room === 0) throw new InvalidAnswer('it is longer than what is kept');
      while (this.unread.length === 0) yield;
      const part = this.unread.subarray(0, Math.min(left, this.room));
      this.kept.push(part);
      this.room -= part.length;
      left -= part.length;
      this.unread = this.unread.subarray(part.length);
    }
  }

  /** The next line without its end, which may be a line feed alone (RFC 9112, 2.2). */
  private *line(): Reading<string> {
    let end = this.unread.indexOf(LINE_FEED);
    while (end < 0) {
      this.expectLines(this.unread.length);
      yield;
      end = this.unread.indexOf(LINE_FEED);
    }
    this.expectLines(end + 1);
    this.lineBytesLeft -= end + 1;
    const hasReturn = this.unread[end - 1] === CARRIAGE_RETURN;
    if (!hasReturn) this.hasOddLines = true;
    const line = this.unread.toString('latin1', 0, hasReturn ? end - 1 : end);
    this.unread = this.unread.subarray(end + 1);
    return line;
  }

  private expectLines(bytes: number): void {
    if (bytes > this.lineBytesLeft) throw new InvalidAnswer('its headers have more than 16 KB');
  }

  private expectHttp(): void {
    const text = this.unread.toString('latin1', 0, 100).replace(/^[\r\n]+/, '');
    if (text.startsWith('HTTP/') || 'HTTP/'.startsWith(text)) return;
    const [line = ''] = text.split(/\r?\n/, 1);
    const isText = /^[\t\x20-\x7e]+$/.test(line);
    const beginning = isText ? line : `the bytes ${this.unread.toString('hex', 0, 8)}`;
    throw new InvalidAnswer(`it is not HTTP, but begins with ${beginning}`);
  }
}
