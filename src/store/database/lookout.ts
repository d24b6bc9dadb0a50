import pg from 'pg';

/** How long it may take to connect, and how long to answer, in milliseconds. */
const PATIENCE_MS = 1_250;

/**
 * A connection besides the pool's, by which it is found out whether PostgreSQL answers: one that is kept, so that a
 * server which vanished without a word is missed, and made anew when it does not answer, by name, so that the server
 * that took its place is found.
 */
export class Lookout {
  private client: Promise<pg.Client> | undefined;
  private closed = false;

  constructor(private readonly settings: pg.ClientConfig) {}

  /** @throws Error when no answer comes in time */
  async ask(): Promise<void> {
    const asked = (this.client ??= this.connect());
    try {
      await (await asked).query('select 1');
    } catch (error) {
      this.forget(asked);
      throw error;
    }
  }

  /** Whether new connections come about. */
  async askAnew(): Promise<void> {
    const client = await this.connect();
    await client.end();
  }

  close(): void {
    this.closed = true;
    this.forget(this.client);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.settings,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    // What it fails besides says so; unhandled, its event would end the process.
    client.on('error', () => undefined);
    await client.connect();
    if (this.closed) await client.end();
    return client;
  }

  private forget(client: Promise<pg.Client> | undefined): void {
    if (client === this.client) this.client = undefined;
    // One that hangs would never say that it has ended.
    client?.then((connected) => connected.end()).catch(() => undefined);
  }
}
