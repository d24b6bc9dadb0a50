import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

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
    query: async <Row extends pg.QueryResultRow>(statement: string) => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        return await client.query<Row>(statement);
      } finally {
        await client.end();
      }
    },
    drop: () => asAdmin(`drop database ${name}`),
  };
}

async function asAdmin(statement: string): Promise<void> {
  const url = new URL(inject('templateUrl'));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
