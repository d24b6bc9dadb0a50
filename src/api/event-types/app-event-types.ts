import { eventTypeNamesOfApp, eventTypeSchema } from '../../store/apps/event-types.js';
import type { Pool } from '../../store/database/pool.js';
import type { SchemaProblem } from '../json-schema/compile.js';
import { Leased } from '../../lib/leased-cache.js';
import { problems } from '../http/problem.js';
import { schemaKey, type SchemaChecker } from '../json-schema/checker.js';

/** The event types that an application added, as requests are checked against them. */
export interface AppEventTypes {
  has(type: string): boolean;
}

/** Reads the event types that applications added, and remembers them on a lease. */
export interface EventTypeRegistry {
  of(appId: string): Promise<AppEventTypes>;
  /**
   * What is wrong with an event's data by its type's schema; paths begin inside `data`.
   * @throws Problem 503 when that cannot be found out now
   */
  problemsWith(appId: string, type: string, data: unknown): Promise<readonly SchemaProblem[]>;
}

/** Maximum cached event types, of all applications together. */
const LEASED_TYPES = 100_000;

/** The keys of an application's schemas, by event type; null for a type without a schema. */
type SchemaKeys = ReadonlyMap<string, string | null>;

export function createEventTypeRegistry(pool: Pool, checker: SchemaChecker): EventTypeRegistry {
  const keys = new Leased<SchemaKeys>({
    read: async (appId) => {
      const types = await eventTypeNamesOfApp(pool, appId);
      return new Map(types.map((type) => [type.name, type.schemaKey]));
    },
    mostSize: LEASED_TYPES,
    sizeOf: (ofApp) => 1 + ofApp.size,
  });

  const problemsWith = async (
    appId: string,
    type: string,
    data: unknown,
  ): Promise<readonly SchemaProblem[]> => {
    const key = (await keys.of(appId))?.get(type);
    if (key === undefined || key === null) return [];
    const found = await checker.problemsWithData(appId, { key }, data);
    if (found !== 'unknown') return found;
    const text = await eventTypeSchema(pool, appId, type);
    if (text === null || schemaKey(text) !== key) {
      // It has changed a moment ago.
      keys.forget(appId);
      return problemsWith(appId, type, data);
    }
    const again = await checker.problemsWithData(appId, { key, text }, data);
    // The worker ended in between.
    if (again === 'unknown') throw problems.busy();
    return again;
  };

  return {
    async of(appId) {
      const ofApp = await keys.of(appId);
      return { has: (type) => ofApp?.has(type) === true };
    },
    problemsWith,
  };
}
