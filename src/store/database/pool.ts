import pg from 'pg';
import type { Logger } from 'pino';
import { messageOf } from '../../lib/errors.js';
import { Pulse } from '../../lib/pulse.js';
import { ConnectionFailed, ConnectionsBusy, notNow } from './errors.js';
import { Lookout } from './lookout.js';

/** Anything that runs a statement: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

export interface Pool extends Queryable {
  /** Runs `work` on one connection and returns it; closes it when `work` throws, because its state is unknown. */
  using<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /** A connection that the caller must release. */
  connect(): Promise<pg.PoolClient>;
  /** Waits for work in progress, unless told to abort it. */
  end(options?: { readonly breakingOff: boolean }): Promise<void>;
}

export interface PoolOptions {
  readonly databaseUrl: string;
  readonly connections: number;
  /** When the server cancels a statement; 30 s by default. */
  readonly statementTimeoutMs?: number;
  /** A statement to run on each new connection. */
  readonly prepare?: string;
  readonly logger: Logger;
}

/** How long a statement waits for a connection, be it a free one or a new one. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A statement that takes longer has met a lock or a lost server, or was asked for too much. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** With this, a dead idle connection is detected after some 15 s. */
const KEEP_ALIVE_AFTER_MS = 5_000;

/** Connections to PostgreSQL, and one more that checks whether it answers. */
export function createPool(options: PoolOptions): Pool {
  const { databaseUrl, connections, logger, prepare } = options;
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const settings = {
    connectionString: databaseUrl,
    application_name: 'posthorn',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  };
  const pool = new pg.Pool({
    ...settings,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: Math.min(2 * statementTimeoutMs, statementTimeoutMs + 5_000),
    verify: (client, done) => {
      if (prepare === undefined) done();
      else client.query(prepare).then(() => done(), done);
    },
  });
  /** Connections in use. */
  const inUse = new Set<pg.PoolClient>();
  const breakOff = () => {
    for (const client of inUse) hangUp(client);
  };
  /** Others lead to the same server as one that takes no changes, or does not answer; new ones may lead elsewhere. */
  let isClosingIdle = false;
  const closeIdle = async () => {
    // Whoever else saw the same error would only open new ones.
    if (isClosingIdle) return;
    isClosingIdle = true;
    const closeOne = async () => {
      const client = await pool.connect();
      client.on('error', () => undefined);
      hangUp(client);
      client.release(true);
    };
    await Promise.allSettled(Array.from({ length: pool.idleCount }, closeOne));
    isClosingIdle = false;
  };
  const lookout = new Lookout(settings);
  const isAnswer = (error: unknown) => error instanceof pg.DatabaseError;
  /** A server that accepts no new connections may still answer on existing ones. */
  const arrivals = new Pulse({ name: 'PostgreSQL', ask: () => lookout.askAnew(), isAnswer });
  const pulse = new Pulse({
    name: 'PostgreSQL',
    ask: () => lookout.ask(),
    isAnswer,
    onSilent: () => {
      logger.warn('PostgreSQL does not answer: closing its connections and trying new ones');
      breakOff();
      void closeIdle();
    },
  });
  // An idle connection that the server closed is replaced at the next use; unhandled, it would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'lost an idle database connection'));
  pool.once('connect', () => void lookout.ask().catch(() => undefined));
  pool.on('connect', (client) => client.on('drain', () => pulse.heard()));

  const connectNew = async () => {
    let arriving: Promise<pg.PoolClient> | undefined;
    try {
      return await arrivals.watch(() => (arriving = pool.connect()));
    } catch (error) {
      // What comes later is for others.
      arriving?.then((client) => client.release()).catch(() => undefined);
      throw error;
    }
  };
  const connect = async () => {
    const isNew = pool.idleCount === 0 && pool.totalCount < connections;
    try {
      return await (isNew ? connectNew() : pool.connect());
    } catch (error) {
      // This is pg-pool's message when no connection was returned in time. A failed connection has other messages.
      if (messageOf(error) !== 'timeout exceeded when trying to connect') throw new ConnectionFailed(error);
      throw new ConnectionsBusy(
        `all ${connections} connections to PostgreSQL were in use for ${CONNECT_TIMEOUT_MS / 1_000} s`,
      );
    }
  };

  const using = <T>(work: (client: pg.PoolClient) => Promise<T>) =>
    pulse.watch(async () => {
      const client = await connect();
      let spoilt = false;
      // A connection lost between two statements fails the next one; unhandled, its event would end the process.
      const onLoss = () => {
        spoilt = true;
      };
      client.on('error', onLoss);
      inUse.add(client);
      try {
        return await work(client);
      } catch (error) {
        spoilt = true;
        if (notNow(error) === 'read_only') void closeIdle();
        throw error;
      } finally {
        client.off('error', onLoss);
        inUse.delete(client);
        client.release(spoilt);
      }
    });

  return {
    using,
    connect,
    query: (async (text: string, values?: unknown[]) =>
      resultOf(
        await using(async (client) => {
          try {
            return { result: await client.query(text, values) };
          } catch (error) {
            // A statement that the server rejects leaves the connection usable.
            if (error instanceof pg.DatabaseError && notNow(error) === null) return { error };
            throw error;
          }
        }),
      )) as Queryable['query'],
    async end({ breakingOff } = { breakingOff: false }) {
      if (breakingOff) breakOff();
      await pool.end();
      pulse.close();
      arrivals.close();
      lookout.close();
    },
  };
}

/** Closes a connection without a word: one that hangs would never answer to a farewell. */
function hangUp(client: pg.PoolClient): void {
  client.connection.stream.destroy();
}

/** Runs `work` in one transaction; rolled back when it throws. */
export function inTransaction<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  return between('begin', pool, work);
}

/** Runs reads that see the same moment of the database. */
export function inSnapshot<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  return between('begin isolation level repeatable read read only', pool, work);
}

async function between<T>(begin: string, pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const outcome = await pool.using(async (client): Promise<Outcome<T>> => {
    await client.query(begin);
    try {
      const result = await work(client);
      await client.query('commit');
      return { result };
    } catch (error) {
      const why = notNow(error);
      // A connection that hangs would keep this waiting, too.
      if (why === 'away') throw error;
      const isRolledBack = await client.query('rollback').then(
        () => true,
        () => {
          hangUp(client);
          return false;
        },
      );
      // The connection is as good as before, unless it leads to a server that takes no changes.
      if (isRolledBack && why !== 'read_only') return { error };
      throw error;
    }
  });
  return resultOf(outcome);
}

/** The result of work after which its connection can be reused. */
type Outcome<T> = { readonly result: T } | { readonly error: unknown };

function resultOf<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

/** The one row that a statement must give. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
  return row;
}
