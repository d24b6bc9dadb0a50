import { type AppSettings, DEFAULT_SETTINGS, type App } from '../../domain/app.js';
import type { PageRequest } from '../../domain/page.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** Settings as they are stored: null or absent means the default. */
export type StoredSettings = { readonly environment_id: string } & {
  readonly [K in keyof AppSettings]?: AppSettings[K] | null | undefined;
};

/** Stored settings with the defaults filled in. */
export function settingsOf(stored: StoredSettings): AppSettings {
  const set = Object.entries(stored).filter(([, value]) => value !== null && value !== undefined);
  return { ...DEFAULT_SETTINGS, ...(Object.fromEntries(set) as unknown as AppSettings) };
}

type StoredApp = Omit<App, 'settings'> & { readonly settings: StoredSettings };

const COLUMNS = sql`id, name, profile, settings, created_at`;

export async function insertApp(db: Queryable, app: App): Promise<void> {
  const { id, name, profile, settings, createdAt } = app;
  await db.query(
    sql`insert into apps (${COLUMNS})
     values (${id}, ${name}, ${profile}, ${JSON.stringify(settings)}, ${createdAt})`,
  );
}

export async function findApp(db: Queryable, id: string): Promise<App | null> {
  const [app] = await rowsOf<StoredApp>(db, sql`select ${COLUMNS} from apps where id = ${id}`);
  return app ? withDefaults(app) : null;
}

/** An application with the version of itself and its endpoints, both of one moment; null when there is none. */
export async function findVersionedApp(
  db: Queryable,
  id: string,
): Promise<{ app: App; version: string } | null> {
  const [row] = await rowsOf<StoredApp & { version: string }>(
    db,
    sql`select ${COLUMNS}, version from apps join app_routes on app_id = id where id = ${id}`,
  );
  if (!row) return null;
  const { version, ...app } = row;
  return { app: withDefaults(app), version };
}

/**
 * Keeps an application and its endpoints as they are until the transaction ends: changes that are not committed yet
 * wait for that at their commit.
 */
export async function holdRoutes(db: Queryable, appId: string): Promise<void> {
  await db.query(sql`select from app_routes where app_id = ${appId} for share`);
}

/** Newest first, those before `after` in that order. */
export async function listApps(db: Queryable, page: PageRequest): Promise<App[]> {
  const { createdAt, id } = page.after ?? {};
  const rows = await rowsOf<StoredApp>(
    db,
    sql`select ${COLUMNS} from apps
     where ${createdAt}::timestamptz is null or (created_at, id) < (${createdAt}, ${id}::uuid)
     order by created_at desc, id desc limit ${page.limit}`,
  );
  return rows.map(withDefaults);
}

/** Changes what is given; null when there is no such application. */
export async function updateApp(
  db: Queryable,
  id: string,
  changes: {
    name?: string | undefined;
    settings?: { [K in keyof AppSettings]?: AppSettings[K] | null | undefined } | undefined;
  },
): Promise<App | null> {
  const { name, settings } = changes;
  const [app] = await rowsOf<StoredApp>(
    db,
    sql`update apps set name = coalesce(${name}, name),
       settings = settings || coalesce(${settings && JSON.stringify(settings)}, '{}'::jsonb)
     where id = ${id} returning ${COLUMNS}`,
  );
  return app ? withDefaults(app) : null;
}

/** Locks an application's row until the transaction ends; false when there is no such application any more. */
export async function lockApp(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`select from apps where id = ${id} for update`);
  return rowCount === 1;
}

/** Deletes an application with its endpoints, and remembers that (`removed-ids.ts`). */
export async function deleteApp(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`with deleted as (
       delete from apps where id = ${id} returning id
     ), remembered as (
       insert into removed_ids (id, data_left)
       select id, true from deleted
       union all select e.id, false from endpoints e join deleted on e.app_id = deleted.id
       on conflict (id) do update set data_left = excluded.data_left
     )
     select from deleted`,
  );
  return rowCount === 1;
}

function withDefaults(app: StoredApp): App {
  return { ...app, settings: settingsOf(app.settings) };
}
