import type { Pool } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';
import { keyOf, payloadsOf, type Change } from './change.js';

/** The channel of the notifications. */
export const CHANNEL = 'posthorn_changes';

/** How often it is looked which applications are watched, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/**
 * So many changes of an application are told one by one between two looks: as many as anybody reads. Of more it is told
 * at the next look that there were many. Each costs its reading, and a copy for each listener.
 */
const MOST_BETWEEN_LOOKS = 100;
/** Changes of this time are told together. */
const TOGETHER_MS = 50;
/** How long a watch holds unless it is renewed, in seconds. */
const WATCH_SECONDS = 30;

/** Tells those who stream an application's changes of what was committed. */
export interface Changes {
  /**
   * To be called after the commit. It returns at once, never fails, and does nothing for an application that nobody
   * watches. What is told is a hint: a process that dies tells nothing.
   */
  tell(...changes: readonly Change[]): void;
  /**
   * Has every process tell of an application's changes from now on: this one at once, the others within a second. To be
   * renewed within 30 s.
   */
  watch(appId: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * While nobody watches, all that it costs is to look for that once a second. Notifications have a statement of their
 * own: in the transactions that write the log they would make its commits take turns.
 */
export function startChanges(pool: Pool): Changes {
  let watched: ReadonlySet<string> = new Set();
  let looking: Promise<void> | null = null;
  let telling: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Map<string, Change>();
  /** Since the last look, by application; null: of those that do not say whose they are. */
  const counts = new Map<string | null, number>();

  const look = async () => {
    const rows = await rowsOf<{ appId: string }>(pool, sql`select app_id from watchers where until > now()`);
    watched = new Set(rows.map(({ appId }) => appId));
  };
  const looks = setInterval(() => {
    for (const [appId, count] of counts) if (count > MOST_BETWEEN_LOOKS) wait({ kind: 'many', appId });
    counts.clear();
    // While PostgreSQL is away nothing is written either.
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = null;
      });
  }, LOOK_EVERY_MS);
  looks.unref();

  const flush = () => {
    timer = undefined;
    const payloads = payloadsOf([...waiting.values()]);
    waiting.clear();
    telling = pool
      .query(sql`select pg_notify(${CHANNEL}, payload) from unnest(${payloads}::text[]) as payload`)
      .then(() => undefined)
      .catch(() => undefined);
  };

  function wait(change: Change): void {
    const key = keyOf(change);
    // The last one is told last.
    waiting.delete(key);
    waiting.set(key, change);
    timer ??= setTimeout(flush, TOGETHER_MS);
  }

  return {
    tell(...changes) {
      if (watched.size === 0) return;
      for (const change of changes) {
        const { appId } = change;
        if (appId !== null && !watched.has(appId)) continue;
        const count = (counts.get(appId) ?? 0) + 1;
        counts.set(appId, count);
        if (count <= MOST_BETWEEN_LOOKS) wait(change);
      }
    },
    async watch(appId) {
      await pool.query(
        sql`insert into watchers (app_id, until)
         select id, now() + ${WATCH_SECONDS} * interval '1 second' from apps where id = ${appId}
         on conflict (app_id) do update set until = greatest(watchers.until, excluded.until)`,
      );
      watched = new Set([...watched, appId]);
    },
    async stop() {
      clearInterval(looks);
      clearTimeout(timer);
      await Promise.all([looking, telling]);
    },
  };
}
