import pg from 'pg';
import pino from 'pino';
import { expect, inject, it } from 'vitest';
import { migrate, MIGRATIONS, MIGRATIONS_TABLE } from '../../src/store/database/migrate.js';
import { createDatabase } from '../support/database.js';
import { undoMigration } from '../support/migrations.js';

it('the schema is the one in the snapshot', async () => {
  const schema = await schemaOf(inject('templateUrl'));
  await expect(schema).toMatchFileSnapshot('../../src/store/database/schema.snapshot.txt');
});

it('migrations that are undone leave nothing, and make the same again', async () => {
  const database = await createDatabase();
  const before = await schemaOf(database.url);
  await undoMigration(database.url, MIGRATIONS, Infinity);
  const left = await schemaOf(database.url);
  await migrate(database.url, pino({ level: 'silent' }));
  const after = await schemaOf(database.url);
  expect(left.match(/^\S.*$/gm)).toEqual([`table ${MIGRATIONS_TABLE}`]);
  expect(after).toEqual(before);
});

/** The schema as the migrations make it, as text: a change of it is to be seen in a review. */
async function schemaOf(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ line: string }>(`
    with tables as (
      select c.oid, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
    )
    select line from (
      select relname, 1 as part, 0 as position, 'table ' || relname
        || case when relkind = 'p' then ' partition by ' || pg_get_partkeydef(oid) else '' end as line
      from tables
      union all
      select relname, 2, a.attnum, '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
      union all
      select relname, 3, 0, '  ' || pg_get_constraintdef(k.oid)
      from tables t join pg_constraint k on k.conrelid = t.oid and k.contype not in ('n', 't')
      union all
      select relname, 4, 0, '  ' || pg_get_indexdef(i.indexrelid)
      from tables t join pg_index i on i.indrelid = t.oid
      union all
      select relname, 5, 0, '  ' || pg_get_triggerdef(g.oid)
      from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
      union all
      select 'function ' || proname, 6, 0, 'function ' || proname || regexp_replace(prosrc, '\\s+', ' ', 'g')
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public'
    ) lines
    order by relname, part, position, line`);
  await client.end();
  return `${rows.map(({ line }) => line).join('\n')}\n`;
}
