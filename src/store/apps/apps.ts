import { type AppSettings, DEFAULT_SETTINGS, type App } from '../../domain/app.js';
import type { PageRequest } from '../../domain/page.js';
import { onlyRow, type Queryable } from '../database/pool.js';

/** Settings as they are stored: null or absent means the default. */
export type StoredSettings = { readonly environment_id: string } & {
  readonly [K in keyof AppSettings]?: AppSettings[K] | null | undefined;
};

/** Stored settings with the defaults filled in. */
export function settingsOf(stored: StoredSettings): AppSettings {
  const set = Object.entries(stored).filter(([, value]) => value !== null && value !== undefined);
  return { ...DEFAULT_SETTINGS, ...(Object.fromEntries(set) as unknown as AppSettings) };
}

interface AppRow {
  id: string;
  name: string;
  profile: string;
  settings: StoredSettings;
  created_at: Date;
}

const COLUMNS = 'id, name, profile, settings, created_at';

export async function insertApp(db: Queryable, app: App): Promise<void> {
  await db.query(`insert into apps (${COLUMNS}) values ($1, $2, $3, $4, $5)`, [
    app.id,
    app.name,
    app.profile,
    JSON.stringify(app.settings),
    app.createdAt,
  ]);
}

export async function findApp(db: Queryable, id: string): Promise<App | null> {
  const { rows } = await db.query<AppRow>(`select ${COLUMNS} from apps where id = $1`, [id]);
  return rows[0] ? toApp(rows[0]) : null;
}

/** An application with the version of itself and its endpoints, both of one moment; null when there is none. */
export async function findVersionedApp(
  db: Queryable,
  id: string,
): Promise<{ app: App; version: string } | null> {
  const { rows } = await db.query<AppRow & { version: string }>(
    `select ${COLUMNS}, version from apps join app_routes on app_id = id where id = $1`,
    [id],
  );
  return rows[0] ? { app: toApp(rows[0]), version: rows[0].version } : null;
}

/**
 * Keeps an application and its endpoints as they are until the transaction ends: changes that are not committed yet
 * wait for that at their commit.
 */
export async function holdRoutes(db: Queryable, appId: string): Promise<void> {
  await db.query('select from app_routes where app_id = $1 for share', [appId]);
}

/** Newest first, those before `after` in that order. */
export async function listApps(db: Queryable, page: PageRequest): Promise<App[]> {
  const { rows } = await db.query<AppRow>(
    `select ${COLUMNS} from apps
     where $1::timestamptz is null or (created_at, id) < ($1, $2::uuid)
     order by created_at desc, id desc limit $3`,
    [page.after?.createdAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows.map(toApp);
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
  const { rows } = await db.query<AppRow>(
    `update apps set name = coalesce($2, name), settings = settings || coalesce($3, '{}'::jsonb)
     where id = $1 returning ${COLUMNS}`,
    [id, changes.name ?? null, changes.settings ? JSON.stringify(changes.settings) : null],
  );
  return rows.length === 0 ? null : toApp(onlyRow(rows));
}

/** Locks an application's row until the transaction ends; false when there is no such application any more. */
export async function lockApp(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('select from apps where id = $1 for update', [id]);
  return rowCount === 1;
}

/** Deletes an application with its endpoints, and remembers that (`removed-ids.ts`). */
export async function deleteApp(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with deleted as (
       delete from apps where id = $1 returning id
     ), remembered as (
       insert into removed_ids (id, data_left)
       select id, true from deleted
       union all select e.id, false from endpoints e join deleted on e.app_id = deleted.id
       on conflict (id) do update set data_left = excluded.data_left
     )
     select from deleted`,
    [id],
  );
  return rowCount === 1;
}

function toApp(row: AppRow): App {
  return {
    id: row.id,
    name: row.name,
    profile: row.profile,
    settings: settingsOf(row.settings),
    createdAt: row.created_at,
  };
}
