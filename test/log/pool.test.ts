import { beforeEach, expect, it } from 'vitest';
import { inTransaction, type Pool, type Queryable } from '../../src/store/database/pool.js';
import { connectTo, createDatabase, openPool, type TestDatabase } from '../support/database.js';

/** A connection costs the server a process: it is closed when it is spoilt, and only then. */

let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createDatabase();
  pool = openPool(database.url, 1);
  await pool.query('create table things (id int primary key)');
});

/** The server's process of the connection. */
async function backend(client: Queryable): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
}

it('a refusal in a transaction undoes it, and keeps its connection', async () => {
  const before = await backend(pool);
  const refused = inTransaction(pool, async (client) => {
    await client.query('insert into things values (1)');
    throw new RangeError('no such thing');
  });
  await expect(refused).rejects.toThrow('no such thing');
  expect((await pool.query('select * from things')).rows).toEqual([]);
  expect(await backend(pool)).toBe(before);
});

it.each([
  ['in a transaction', (insert: (client: Queryable) => Promise<unknown>) => inTransaction(pool, insert)],
  ['by itself', (insert: (client: Queryable) => Promise<unknown>) => insert(pool)],
])('a statement that is refused %s keeps its connection', async (_where, run) => {
  await pool.query('insert into things values (1)');
  const before = await backend(pool);
  await expect(run((client) => client.query('insert into things values (1)'))).rejects.toThrow(
    'duplicate key',
  );
  expect(await backend(pool)).toBe(before);
});

it('a connection that is lost in a transaction is replaced', async () => {
  const other = await connectTo(database.url);
  let before: number | undefined;
  const lost = inTransaction(pool, async (client) => {
    before = await backend(client);
    await other.query('select pg_terminate_backend($1)', [before]);
    await client.query('select 1');
  });
  await expect(lost).rejects.toThrow();
  expect(await backend(pool)).not.toBe(before);
});
