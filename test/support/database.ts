import { randomBytes } from 'node:crypto';
import pg from 'pg';
import pino from 'pino';
import { inject } from 'vitest';
import { createPool, type Pool } from '../../src/store/database/pool.js';
import { stopAfterwards } from './stop-afterwards.js';

export interface TestDatabase {
  readonly url: string;
  /** What a statement of the test's own gives. */
  query<Row extends pg.QueryResultRow>(statement: string): Promise<pg.QueryResult<Row>>;
  /** Drops the database; fails when somebody is still connected to it, which would be a leak. */
  drop(): Promise<void>;
}

/** A database of its own, as the migrations make it. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(inject('templateUrl'));
  url.pathname = `/${name}`;
  await asAdmin(`create database ${name} template template_for_tests`);
  return {
    url: url.href,
    query: (statement) => queryOnce(url.href, statement),
    drop: stopAfterwards(() => asAdmin(`drop database ${name}`)),
  };
}

/** A connection for transactions and locks of the test's own. */
export async function connectTo(databaseUrl: string, settings: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, ...settings });
  await client.connect();
  stopAfterwards(() => client.end());
  return client;
}

/** A pool as Posthorn has one, which logs nothing. */
export function openPool(databaseUrl: string, connections: number): Pool {
  const pool = createPool({ databaseUrl, connections, logger: pino({ level: 'silent' }) });
  stopAfterwards(() => pool.end());
  return pool;
}

/** How many connections to a database wait for a lock: what a test holds back has come so far. */
export async function waitingForLocks(databaseUrl: string): Promise<number> {
  const { rows } = await queryOnce<{ waiting: number }>(
    databaseUrl,
    `select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.waiting ?? 0;
}

async function asAdmin(statement: string): Promise<void> {
  const url = new URL(inject('templateUrl'));
  url.pathname = '/postgres';
  await queryOnce(url.href, statement);
}

/** By a connection of its own, outside of any transaction. */
async function queryOnce<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  statement: string,
): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await client.query<Row>(statement);
  } finally {
    await client.end();
  }
}
