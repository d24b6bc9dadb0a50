import type pg from 'pg';
import { LIST_SETTINGS } from '../../src/api/http/lists.js';
import type { Queryable } from '../../src/store/database/pool.js';
import { connectTo } from './database.js';

/** What reads PostgreSQL as lists do, and keeps how each statement was planned. */
export async function explaining(databaseUrl: string): Promise<{ db: Queryable; plans: readonly string[] }> {
  const client = await connectTo(databaseUrl);
  await client.query(LIST_SETTINGS);
  const plans: string[] = [];
  const query = async (statement: string | pg.QueryConfig) => {
    if (typeof statement === 'string') return client.query(statement);
    const { text, values = [] } = statement;
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values as unknown[]);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return client.query(text, values as unknown[]);
  };
  return { db: { query }, plans };
}
