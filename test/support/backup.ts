import { connectTo } from './database.js';

/** A transaction that holds a lock on every table until it is told to end, as `pg_dump` does. */
export async function holdEveryTable(databaseUrl: string, mode = 'access share') {
  const client = await connectTo(databaseUrl, { application_name: 'a backup' });
  await client.query('begin');
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace",
  );
  await client.query(`lock table ${rows.map(({ name }) => name).join(', ')} in ${mode} mode`);
  return { end: () => client.end() };
}
