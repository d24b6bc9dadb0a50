import { Socket } from 'node:net';
import { Client, type buildConnector } from 'undici';
import { errorCode } from '../errors.js';
import { InvalidAnswer } from './failure.js';

/** How long a connection may wait for its next POST, whatever the receiver offers. */
const LONGEST_WAIT_MS = 30_000;
/** Of all receivers together. */
export const MOST_WAITING = 1_000;

/**
 * In all, what is not kept included: more than any headers and the part of a body that is kept. Interim answers and
 * what may stand between the chunks of a body have no other end.
 */
const MOST_ANSWER_BYTES = 262_144;

/** A connection that was closed says so within a round trip; what is closed later was closed over this POST. */
const STALE_WITHIN_MS = 2_000;

/** What a connection fails with when the other side has closed it. */
const CLOSED_CODES = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** A connection to one origin, for one POST at a time. */
export class Connection {
  readonly client: Client;
  private socket: Socket | null = null;
  private waited: { readonly socket: Socket; readonly bytesRead: number; readonly until: number } | null =
    null;

  constructor(
    readonly origin: string,
    connect: buildConnector.connector,
  ) {
    this.client = new Client(origin, {
      connect: (options, callback) => {
        // It returns the socket while that still connects, which its types do not say.
        const connecting: unknown = connect(options, callback);
        if (connecting instanceof Socket) this.listenTo(connecting);
      },
      keepAliveMaxTimeout: LONGEST_WAIT_MS,
      // The one time limit is the POST's own, over the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get isOpen(): boolean {
    return this.socket?.destroyed === false;
  }

  /** It goes on after having waited. */
  reuse(): this {
    const until = performance.now();
    this.waited = this.socket && { socket: this.socket, bytesRead: this.socket.bytesRead, until };
    return this;
  }

  /**
   * Whether a POST failed because the connection was closed while it waited: used before, not a byte of an answer
   * has come, and it failed soon. The receiver may have read the POST nevertheless.
   */
  failedStale(error: unknown): boolean {
    const { waited, socket } = this;
    if (!waited || waited.socket !== socket || socket.bytesRead !== waited.bytesRead) return false;
    if (performance.now() > waited.until + STALE_WITHIN_MS) return false;
    return CLOSED_CODES.includes(errorCode(error) ?? '');
  }

  /** Also while it still connects, which the client alone would let go on. */
  async close(): Promise<void> {
    const closed = this.client.destroy();
    this.socket?.destroy(new Error('no longer needed'));
    await closed;
  }

  private listenTo(socket: Socket): void {
    this.socket = socket;
    socket.on('readable', () => {
      const before = this.waited?.socket === socket ? this.waited.bytesRead : 0;
      if (socket.bytesRead - before > MOST_ANSWER_BYTES) socket.destroy(new InvalidAnswer('too many bytes'));
    });
  }
}

/**
 * The connections of all POSTs. One that its receiver keeps open waits for the next POST to the same origin, and is
 * forgotten when it closes. (undici's Agent keeps a pool for every origin for ever, which hostile names would fill
 * the memory with, and does not tell whether a connection that failed had been used before.)
 */
export class Connections {
  private readonly inUse = new Set<Connection>();
  /** The longest unused origin first; of each, the longest waiting connection first. */
  private readonly waiting = new Map<string, readonly Connection[]>();
  private waitingCount = 0;
  private closed = false;

  constructor(
    private readonly connect: buildConnector.connector,
    private readonly mostWaiting: number,
  ) {}

  /** The connection that has waited the shortest, or a new one. */
  take(origin: string): Connection {
    const connection = this.waiting.get(origin)?.at(-1);
    if (!connection) return this.takeNew(origin);
    this.forget(connection);
    this.inUse.add(connection);
    return connection.reuse();
  }

  takeNew(origin: string): Connection {
    const connection = new Connection(origin, this.connect);
    connection.client.on('disconnect', () => {
      if (this.forget(connection)) void connection.close();
    });
    this.inUse.add(connection);
    // As one that is closed while it is in use.
    if (this.closed) void connection.close();
    return connection;
  }

  /** After an exchange; `reusable` when it came to its end. */
  giveBack(connection: Connection, reusable: boolean): void {
    this.inUse.delete(connection);
    if (!reusable || this.closed || !connection.isOpen) {
      void connection.close();
      return;
    }
    const { origin } = connection;
    const others = this.waiting.get(origin) ?? [];
    this.waiting.delete(origin);
    this.waiting.set(origin, [...others, connection]);
    this.waitingCount += 1;
    if (this.waitingCount > this.mostWaiting) this.closeLongestWaiting();
  }

  /** Ends what is in use, too. */
  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.inUse, ...[...this.waiting.values()].flat()];
    this.waiting.clear();
    this.waitingCount = 0;
    await Promise.all(all.map((connection) => connection.close()));
  }

  private closeLongestWaiting(): void {
    const longest = this.waiting.values().next().value?.[0];
    if (longest && this.forget(longest)) void longest.close();
  }

  /** @returns whether it was waiting */
  private forget(connection: Connection): boolean {
    const { origin } = connection;
    const of = this.waiting.get(origin) ?? [];
    const others = of.filter((other) => other !== connection);
    if (others.length === of.length) return false;
    if (others.length > 0) this.waiting.set(origin, others);
    else this.waiting.delete(origin);
    this.waitingCount -= 1;
    return true;
  }
}
