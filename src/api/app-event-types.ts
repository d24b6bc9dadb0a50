import { LRUCache } from 'lru-cache';
import { eventTypeNamesOfApp, eventTypeSchema } from '../store/event-types.js';
import type { Pool } from '../store/pool.js';
import type { SchemaProblem } from './json-schema.js';
import { problems } from './problem.js';
import { schemaKey, type SchemaChecker } from './schema-checker.js';

/** The event types that an application added, as requests are checked against them. */
export interface AppEventTypes {
  has(type: string): boolean;
}

/** Reads the event types that applications added, and remembers them for a moment. */
export interface EventTypeRegistry {
  of(appId: string): Promise<AppEventTypes>;
  /**
   * What is wrong with an event's data by its type's schema; paths begin inside `data`.
   * @throws Problem 503 when that cannot be found out now
   */
  problemsWith(appId: string, type: string, data: unknown): Promise<readonly SchemaProblem[]>;
  /** Forgets what is remembered of an application, after a change. */
  forget(appId: string): void;
}

/** A change is seen in other processes after no longer than this; in this one at once. */
const REMEMBER_MS = 500;
/** Of all applications together. */
const REMEMBERED_TYPES = 100_000;

/** Of an application: what its schemas are called, by type; null for a type without one. */
type SchemaKeys = ReadonlyMap<string, string | null>;

export function createEventTypeRegistry(pool: Pool, checker: SchemaChecker): EventTypeRegistry {
  const remembered = new LRUCache<string, SchemaKeys>({
    maxSize: REMEMBERED_TYPES,
    sizeCalculation: (keys) => 1 + keys.size,
    ttl: REMEMBER_MS,
  });
  /** Requests that come together read once. */
  const reading = new Map<string, Promise<SchemaKeys>>();

  const keysOf = (appId: string): Promise<SchemaKeys> => {
    const known = remembered.get(appId);
    if (known) return Promise.resolve(known);
    const begun = reading.get(appId);
    if (begun) return begun;
    const read = eventTypeNamesOfApp(pool, appId)
      .then((types) => {
        const keys = new Map(types.map((type) => [type.name, type.schemaKey]));
        // Unless it was forgotten meanwhile: what was read before a change is not remembered after it.
        if (reading.get(appId) === read) remembered.set(appId, keys);
        return keys;
      })
      .finally(() => {
        if (reading.get(appId) === read) reading.delete(appId);
      });
    reading.set(appId, read);
    return read;
  };
  const forget = (appId: string) => {
    remembered.delete(appId);
    reading.delete(appId);
  };

  const problemsWith = async (
    appId: string,
    type: string,
    data: unknown,
  ): Promise<readonly SchemaProblem[]> => {
    const key = (await keysOf(appId)).get(type);
    if (key === undefined || key === null) return [];
    const found = await checker.problemsWithData(appId, { key }, data);
    if (found !== 'unknown') return found;
    const text = await eventTypeSchema(pool, appId, type);
    if (text === null || schemaKey(text) !== key) {
      // It has changed a moment ago.
      forget(appId);
      return problemsWith(appId, type, data);
    }
    const again = await checker.problemsWithData(appId, { key, text }, data);
    // The worker ended in between.
    if (again === 'unknown') throw problems.busy();
    return again;
  };

  return {
    async of(appId) {
      const keys = await keysOf(appId);
      return { has: (type) => keys.has(type) };
    },
    problemsWith,
    forget,
  };
}
