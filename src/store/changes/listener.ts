import pg from 'pg';
import { raw, sql } from '../database/sql.js';
import { ConnectionFailed } from '../database/errors.js';
import { changesIn, type Change } from './change.js';
import { CHANNEL } from './changes.js';

/** After which a connection that was lost is made anew, in milliseconds. */
const AGAIN_AFTER_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** With this, a dead connection is noticed after some 15 s. */
const KEEP_ALIVE_AFTER_MS = 5_000;

export interface ListenerOptions {
  readonly databaseUrl: string;
  readonly onChanges: (changes: readonly Change[]) => void;
  /** Changes may have been told meanwhile: the connection was lost, and is there again. */
  readonly onGap: () => void;
}

/** Hears what is told of changes, by a connection of its own, while it is open. */
export class ChangeListener {
  private client: Promise<pg.Client> | undefined;
  /** Whose end is not ours. */
  private current: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private isOpen = false;

  constructor(private readonly options: ListenerOptions) {}

  /** Resolves when it hears. @throws ConnectionFailed when PostgreSQL cannot be reached */
  async open(): Promise<void> {
    this.isOpen = true;
    await (this.client ??= this.connect());
  }

  async close(): Promise<void> {
    this.isOpen = false;
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    this.current = undefined;
    await client?.then((connected) => connected.end()).catch(() => undefined);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: 'posthorn stream',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    });
    // What follows says so; unhandled, its event would end the process.
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '[]' }) => this.options.onChanges(changesIn(payload)));
    client.once('end', () => {
      if (client === this.current) this.again();
    });
    this.current = client;
    try {
      await client.connect();
      await client.query(sql`listen ${raw(CHANNEL)}`);
      return client;
    } catch (error) {
      if (client === this.current) this.again();
      await client.end().catch(() => undefined);
      throw new ConnectionFailed(error);
    }
  }

  private again(): void {
    this.client = undefined;
    this.current = undefined;
    if (!this.isOpen) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.open().then(this.options.onGap, () => undefined);
    }, AGAIN_AFTER_MS);
  }
}
