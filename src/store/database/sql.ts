import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { Queryable } from './pool.js';

/**
 * How a statement is written. What stands in `${…}` is a parameter, where it is used, whatever its type: a text, too. A
 * fragment that others compose is itself `Sql`. Used twice, a value is two parameters, of which PostgreSQL finds out the
 * types apart: where the context does not tell it (`$1 is null`, `$1 - interval '1 hour'`), cast it.
 */
export { sql, join, raw, empty, type Sql };

/** A statement that each connection parses once: its text must always be the same. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

export function prepared(name: string, { text, values }: Sql): PreparedStatement {
  return { name, text, values };
}

/**
 * Runs a statement, and gives its rows with the columns named as we name properties: `app_id` is `appId`. What is within
 * a column of JSON stays as it is.
 */
export async function rowsOf<Row extends object>(
  db: Queryable,
  statement: Sql | PreparedStatement,
): Promise<Row[]> {
  const { rows } = await db.query<Record<string, unknown>>(statement);
  return rows.map(
    (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [propertyOf(name), value])) as Row,
  );
}

/** There are as many as our statements name columns. */
const properties = new Map<string, string>();

function propertyOf(column: string): string {
  const known = properties.get(column);
  if (known !== undefined) return known;
  const property = column.replace(/_([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  properties.set(column, property);
  return property;
}
