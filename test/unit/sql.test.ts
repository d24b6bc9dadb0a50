import { expect, it } from 'vitest';
import type { Queryable } from '../../src/store/database/pool.js';
import { prepared, rowsOf, sql } from '../../src/store/database/sql.js';

/** A database that answers every statement with one row. */
function answering(row: Record<string, unknown>): Queryable {
  return { query: () => Promise.resolve({ rows: [row] }) } as unknown as Queryable;
}

it('a column is named as a property; what is in a column stays as it is', async () => {
  const row = { app_id: 'a', last_status_code: 410, settings: { hold_hours: 1 }, previousSecrets: [] };
  expect(await rowsOf(answering(row), sql`select`)).toEqual([
    { appId: 'a', lastStatusCode: 410, settings: { hold_hours: 1 }, previousSecrets: [] },
  ]);
});

it('a fragment is put together with what it takes', () => {
  const ofDay = (day: string) => sql`day = ${day}::date`;
  const { text, values } =
    sql`select from events where ${ofDay('2026-01-02')} and id = ${'e'} and not ${ofDay('x')}`;
  expect(text).toBe('select from events where day = $1::date and id = $2 and not day = $3::date');
  expect(values).toEqual(['2026-01-02', 'e', 'x']);
});

it('a prepared statement has the same text whatever its values', () => {
  const statement = (...ids: string[]) =>
    prepared('find', sql`select from events where id = any (${ids}::text[])`);
  expect(statement('a', 'b')).toEqual({ ...statement(), values: [['a', 'b']] });
});
