import { onlyRow, type Queryable } from './pool.js';

/** An event type of an application's own, beside its profile's catalogue. */
export interface OwnEventType {
  readonly appId: string;
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema that an event's `data` must satisfy; null for any data. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
}

interface EventTypeRow {
  app_id: string;
  name: string;
  description: string | null;
  schema: Record<string, unknown> | null;
  created_at: Date;
}

/** Adds a type once; false when the application has one by this name. */
export async function insertEventType(db: Queryable, type: OwnEventType): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into event_types (app_id, name, description, schema, created_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [type.appId, type.name, type.description, type.schema && JSON.stringify(type.schema), type.createdAt],
  );
  return rowCount === 1;
}

/**
 * How many types an application has; nobody else can add one until the transaction ends. Null when there is no such
 * application any more.
 */
export async function lockAndCountEventTypes(db: Queryable, appId: string): Promise<number | null> {
  const { rowCount } = await db.query('select from apps where id = $1 for update', [appId]);
  if (rowCount === 0) return null;
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from event_types where app_id = $1',
    [appId],
  );
  return onlyRow(rows).count;
}

/** An application's own types, by name. */
export async function eventTypesOfApp(db: Queryable, appId: string): Promise<OwnEventType[]> {
  const { rows } = await db.query<EventTypeRow>(
    `select app_id, name, description, schema, created_at from event_types where app_id = $1 order by name`,
    [appId],
  );
  return rows.map((row) => ({
    appId: row.app_id,
    name: row.name,
    description: row.description,
    schema: row.schema,
    createdAt: row.created_at,
  }));
}

export async function deleteEventType(db: Queryable, appId: string, name: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from event_types where app_id = $1 and name = $2', [
    appId,
    name,
  ]);
  return rowCount === 1;
}
