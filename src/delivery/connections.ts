import { setImmediate } from 'node:timers/promises';
import type { AnswerReader } from './answer-reader.js';
import type { Connect } from './connect.js';
import { Connection } from './connection.js';

/** Maximum idle connections, of all receivers together. */
export const MOST_WAITING = 1_000;

/** The process is stopping and has closed its connections. */
export class ConnectionsClosed extends Error {
  override name = 'ConnectionsClosed';
}

/**
 * The connection pool of all POSTs. A connection that its receiver keeps open waits for the next POST to the same origin.
 */
export class Connections {
  private readonly inUse = new Set<Connection>();
  /** The longest unused origin first; of each, the longest waiting connection first. */
  private readonly waiting = new Map<string, readonly Connection[]>();
  private waitingCount = 0;
  private isClosed = false;

  constructor(
    private readonly connect: Connect,
    private readonly mostWaiting: number,
  ) {}

  /** The connection that has waited the shortest and is still open, or a new one. */
  async take(origin: string): Promise<Connection> {
    let connection: Connection | undefined;
    while ((connection = this.waiting.get(origin)?.at(-1))) {
      this.forget(connection);
      this.inUse.add(connection);
      connection.resume();
      // What has come in meanwhile, its end above all, shows within a turn of the event loop.
      await setImmediate();
      if (connection.isOpen) return connection;
      this.inUse.delete(connection);
    }
    return this.takeNew(origin);
  }

  /** @throws AddressRefused, ConnectionsClosed */
  takeNew(origin: string): Connection {
    if (this.isClosed) throw new ConnectionsClosed();
    const connection = new Connection(origin, this.connect(origin));
    this.inUse.add(connection);
    return connection;
  }

  /** After an exchange; without an answer when it failed. */
  giveBack(connection: Connection, answer: AnswerReader | null): void {
    this.inUse.delete(connection);
    if (this.isClosed || !answer || !connection.mayWaitAfter(answer)) {
      connection.close(new ConnectionsClosed());
      return;
    }
    const { origin } = connection;
    const others = this.waiting.get(origin) ?? [];
    this.waiting.delete(origin);
    this.waiting.set(origin, [...others, connection]);
    this.waitingCount += 1;
    connection.wait(answer.waitMs, () => this.forget(connection));
    if (this.waitingCount > this.mostWaiting) this.closeLongestWaiting();
  }

  /** Closes the connections in use too. */
  async close(): Promise<void> {
    this.isClosed = true;
    const all = [...this.inUse, ...[...this.waiting.values()].flat()];
    for (const connection of all) connection.close(new ConnectionsClosed());
    await Promise.all(all.map((connection) => connection.gone()));
  }

  private closeLongestWaiting(): void {
    this.waiting.values().next().value?.[0]?.close(new ConnectionsClosed());
  }

  private forget(connection: Connection): void {
    const { origin } = connection;
    const others = (this.waiting.get(origin) ?? []).filter((other) => other !== connection);
    if (others.length > 0) this.waiting.set(origin, others);
    else this.waiting.delete(origin);
    this.waitingCount -= 1;
  }
}
