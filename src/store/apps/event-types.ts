import { lockApp } from './apps.js';
import { onlyRow, type Queryable } from '../database/pool.js';

/** An event type that an application added to its profile's catalogue. */
export interface AppEventType {
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
export async function insertEventType(db: Queryable, type: AppEventType): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into event_types (app_id, name, description, schema, created_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    // pg makes JSON of an object itself; not of a text or a list, which is why endpoints.schedule comes as JSON.
    [type.appId, type.name, type.description, type.schema, type.createdAt],
  );
  return rowCount === 1;
}

/**
 * How many types an application has, and how many characters their schemas have together as JSON; nobody else can add
 * one until the transaction ends. Null when there is no such application any more.
 */
export async function lockAndMeasureEventTypes(
  db: Queryable,
  appId: string,
): Promise<{ count: number; schemaCharacters: number } | null> {
  if (!(await lockApp(db, appId))) return null;
  const { rows } = await db.query<{ count: number; schema_characters: number }>(
    `select count(*)::int as count, coalesce(sum(length(schema::text)), 0)::int as schema_characters
     from event_types where app_id = $1`,
    [appId],
  );
  const { count, schema_characters: schemaCharacters } = onlyRow(rows);
  return { count, schemaCharacters };
}

/** The types that an application added, by name. */
export async function eventTypesOfApp(db: Queryable, appId: string): Promise<AppEventType[]> {
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

/** The names of the types that an application added, each with the SHA-256 of its schema in hexadecimal digits. */
export async function eventTypeNamesOfApp(
  db: Queryable,
  appId: string,
): Promise<{ name: string; schemaKey: string | null }[]> {
  const { rows } = await db.query<{ name: string; schema_key: string | null }>(
    `select name, encode(sha256(convert_to(schema::text, 'UTF8')), 'hex') as schema_key
     from event_types where app_id = $1`,
    [appId],
  );
  return rows.map((row) => ({ name: row.name, schemaKey: row.schema_key }));
}

/** A type's schema as JSON text; null when there is no such type, or none of it. */
export async function eventTypeSchema(db: Queryable, appId: string, name: string): Promise<string | null> {
  const { rows } = await db.query<{ schema: string | null }>(
    'select schema::text as schema from event_types where app_id = $1 and name = $2',
    [appId, name],
  );
  return rows[0]?.schema ?? null;
}

export async function deleteEventType(db: Queryable, appId: string, name: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from event_types where app_id = $1 and name = $2', [
    appId,
    name,
  ]);
  return rowCount === 1;
}
