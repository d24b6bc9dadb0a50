import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { errorCode } from '../lib/errors.js';
import { AnswerReader } from './answer-reader.js';
import { CertificateWanted, ConnectionLost } from './failure.js';

/** How long we wait for the rest of an answer after its status line, which alone decides. */
const REST_WITHIN_MS = 5_000;

/** A connection that was already closed shows it within a round trip. One that closes later was closed because of this POST. */
const STALE_WITHIN_MS = 2_000;

/** The error codes of a connection that the other side has closed. */
const CLOSED_CODES = ['ECONNRESET', 'EPIPE'];

/** Some servers send this to an idle connection before they close it (RFC 9110, 15.5.9). */
const REQUEST_TIMEOUT = 408;

/** The connection was closed while idle. The receiver may still have read the POST. */
export class Stale extends Error {
  override name = 'Stale';
}

/** A POST in progress. */
interface Exchange {
  take(bytes: Buffer): void;
  /** No more bytes will arrive. */
  end(why: Error): void;
}

/** A connection to one origin, for one POST at a time. */
export class Connection {
  private exchange: Exchange | null = null;
  private waiting: { readonly timer: NodeJS.Timeout; readonly onClosed: () => void } | null = null;
  private closedBecause: Error | null = null;
  private hasWaited = false;
  private isReady = false;
  private isAskedForCertificate = false;

  constructor(
    readonly origin: string,
    private readonly socket: Socket,
  ) {
    socket.on('data', (bytes: Buffer) => {
      // Bytes without a request must not be taken for the next answer.
      if (this.exchange) this.exchange.take(bytes);
      else this.close(new ConnectionLost('the receiver sent bytes before it was asked anything'));
    });
    socket.on('error', (error) => this.close(error));
    socket.on('end', () => this.close(new ConnectionLost()));
    socket.on('close', () => this.close(new ConnectionLost()));
    socket.on(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      this.isReady = true;
      // A receiver that asks for a certificate says which signatures it takes; no other does.
      if (socket instanceof TLSSocket) this.isAskedForCertificate = socket.getSharedSigalgs().length > 0;
    });
  }

  get isOpen(): boolean {
    return this.closedBecause === null;
  }

  /**
   * Sends a request and reads the answer to its end, or as much of it as comes. Aborted, the connection is closed.
   * @throws Stale, or what stood in the way of the answer's status
   */
  async send(head: string, body: Buffer, signal: AbortSignal): Promise<AnswerReader> {
    const reader = new AnswerReader();
    const sentAt = performance.now();
    const stop = () => this.close(signal.reason as Error);
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      await this.exchanged(head, body, reader);
    } catch (error) {
      throw this.explained(error, reader, sentAt);
    } finally {
      this.exchange = null;
      signal.removeEventListener('abort', stop);
    }
    const isCrossing = reader.statusCode === REQUEST_TIMEOUT && reader.waitMs === 0;
    if (isCrossing && this.mayBeStale(sentAt)) throw new Stale();
    return reader;
  }

  /** Whether the next POST may use it, after this answer. */
  mayWaitAfter({ waitMs }: AnswerReader): boolean {
    return waitMs > 0 && this.isOpen && this.socket.writableLength === 0;
  }

  /** Nothing is to come until it is resumed. It does not keep the process alive, and closes when the time is over. */
  wait(ms: number, onClosed: () => void): void {
    const timer = setTimeout(() => this.close(new ConnectionLost()), ms).unref();
    this.waiting = { timer, onClosed };
    this.socket.unref();
  }

  resume(): void {
    clearTimeout(this.waiting?.timer);
    this.waiting = null;
    this.hasWaited = true;
    this.socket.ref();
  }

  /** Also while it still connects. Whatever is sent over it ends so. */
  close(why: Error): void {
    if (!this.isOpen) return;
    this.closedBecause = why;
    this.socket.destroy();
    this.exchange?.end(why);
    clearTimeout(this.waiting?.timer);
    this.waiting?.onClosed();
  }

  /** Resolves when a connection that was closed is gone. */
  async gone(): Promise<void> {
    if (!this.socket.closed) await new Promise((resolve) => this.socket.once('close', resolve));
  }

  private async exchanged(head: string, body: Buffer, reader: AnswerReader): Promise<void> {
    let rest: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      const take = (bytes: Buffer) => {
        try {
          reader.read(bytes);
          if (reader.isAtEnd) resolve();
          else if (reader.statusCode !== null) rest ??= setTimeout(resolve, REST_WITHIN_MS);
        } catch (error) {
          this.close(error as Error);
        }
      };
      const end = (why: Error) => (reader.statusCode === null ? reject(why) : resolve());
      if (this.closedBecause) return reject(this.closedBecause);
      this.exchange = { take, end };
      this.socket.cork();
      this.socket.write(head, 'latin1');
      this.socket.write(body);
      this.socket.uncork();
    }).finally(() => clearTimeout(rest));
  }

  private explained(error: unknown, { bytesRead }: AnswerReader, sentAt: number): unknown {
    const isClosed = error instanceof ConnectionLost || CLOSED_CODES.includes(errorCode(error) ?? '');
    if (!isClosed) return error;
    if (bytesRead > 0)
      return new ConnectionLost('the receiver closed the connection in the middle of the status line');
    if (this.mayBeStale(sentAt)) return new Stale();
    if (!this.isReady) return new ConnectionLost('the receiver closed the connection during the handshake');
    if (this.isAskedForCertificate) return new CertificateWanted();
    return new ConnectionLost('the receiver closed the connection without an answer');
  }

  /** Whether a connection that closes now was closed while it waited. */
  private mayBeStale(sentAt: number): boolean {
    return this.hasWaited && performance.now() <= sentAt + STALE_WITHIN_MS;
  }
}
