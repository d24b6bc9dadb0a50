import { lockApp } from './apps.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** An event type that an application added to its profile's catalogue. */
export interface AppEventType {
  readonly appId: string;
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema that an event's `data` must satisfy; null for any data. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
}

/** Adds a type once; false when the application has one by this name. */
export async function insertEventType(db: Queryable, type: AppEventType): Promise<boolean> {
  const { appId, name, description, schema, createdAt } = type;
  const { rowCount } = await db.query(
    // pg makes JSON of an object itself; not of a text or a list, which is why endpoints.schedule comes as JSON.
    sql`insert into event_types (app_id, name, description, schema, created_at)
     values (${appId}, ${name}, ${description}, ${schema}, ${createdAt}) on conflict do nothing`,
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
  const rows = await rowsOf<{ count: number; schemaCharacters: number }>(
    db,
    sql`select count(*)::int as count, coalesce(sum(length(schema::text)), 0)::int as schema_characters
     from event_types where app_id = ${appId}`,
  );
  return onlyRow(rows);
}

/** The types that an application added, by name. */
export async function eventTypesOfApp(db: Queryable, appId: string): Promise<AppEventType[]> {
  return rowsOf(
    db,
    sql`select app_id, name, description, schema, created_at from event_types where app_id = ${appId} order by name`,
  );
}

/** The names of the types that an application added, each with the SHA-256 of its schema in hexadecimal digits. */
export async function eventTypeNamesOfApp(
  db: Queryable,
  appId: string,
): Promise<{ name: string; schemaKey: string | null }[]> {
  return rowsOf(
    db,
    sql`select name, encode(sha256(convert_to(schema::text, 'UTF8')), 'hex') as schema_key
     from event_types where app_id = ${appId}`,
  );
}

/** A type's schema as JSON text; null when there is no such type, or none of it. */
export async function eventTypeSchema(db: Queryable, appId: string, name: string): Promise<string | null> {
  const [type] = await rowsOf<{ schema: string | null }>(
    db,
    sql`select schema::text as schema from event_types where app_id = ${appId} and name = ${name}`,
  );
  return type?.schema ?? null;
}

export async function deleteEventType(db: Queryable, appId: string, name: string): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`delete from event_types where app_id = ${appId} and name = ${name}`,
  );
  return rowCount === 1;
}
