import pg from 'pg';
import type { Logger } from 'pino';

export type Pool = pg.Pool;

/** Anything that runs a statement: the pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

export interface PoolOptions {
  readonly databaseUrl: string;
  readonly connections: number;
  /** When the server ends a statement; 30 s unless it is said. */
  readonly statementTimeoutMs?: number;
  /** A statement for each new connection. */
  readonly prepare?: string;
  readonly logger: Logger;
}

/** A connection is waited for this long before the statement fails; what calls it then waits or answers 503. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A statement that takes longer has met a lock or a lost server, or was asked for too much at once. */
const STATEMENT_TIMEOUT_MS = 30_000;

export function createPool(options: PoolOptions): Pool {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, prepare } = options;
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: Math.min(2 * statementTimeoutMs, statementTimeoutMs + 5_000),
    application_name: 'posthorn',
    keepAlive: true,
    verify: (client, done) => {
      if (prepare === undefined) done();
      else client.query(prepare).then(() => done(), done);
    },
  });
  // An idle connection that the server closed is replaced at the next use; unhandled, it would end the process.
  pool.on('error', (error) => options.logger.warn({ err: error }, 'an idle database connection was lost'));
  return pool;
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
  const client = await pool.connect();
  let failure: Error | undefined;
  // A connection lost between two statements fails the next one; unhandled, its event would end the process.
  const onLoss = (error: Error) => {
    failure = error;
  };
  client.on('error', onLoss);
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.off('error', onLoss);
    client.release(failure);
  }
}

/** The one row that a statement must give. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
  return row;
}
