import { LRUCache } from 'lru-cache';
import { eventTypesOfApp, type OwnEventType } from '../store/event-types.js';
import type { Pool } from '../store/pool.js';
import { compileSchema, type SchemaCheck, type SchemaProblem } from './json-schema.js';

/** An application's own event types, as requests are checked against them. */
export interface OwnEventTypes {
  has(type: string): boolean;
  /** What is wrong with an event's data by its type's schema; paths begin inside `data`. */
  problemsWith(type: string, data: unknown): readonly SchemaProblem[];
}

export const NO_OWN_EVENT_TYPES: OwnEventTypes = { has: () => false, problemsWith: () => [] };

/** Knows every application's own event types. */
export interface EventTypeRegistry {
  of(appId: string): Promise<OwnEventTypes>;
  /** Forgets what is remembered of an application, after a change. */
  forget(appId: string): void;
}

/** A change is seen in other processes after no longer than this; in this one at once. */
const REMEMBER_MS = 500;
const REMEMBERED_APPS = 1_000;
const REMEMBERED_CHECKS = 1_000;

export function createEventTypeRegistry(pool: Pool): EventTypeRegistry {
  /** Counts changes: what was read before one is not remembered after it. */
  let changes = 0;
  const remembered = new LRUCache<string, OwnEventTypes>({ max: REMEMBERED_APPS, ttl: REMEMBER_MS });
  /** By the schema itself, which is immutable: a type that is read again is not compiled again. */
  const checks = new LRUCache<string, SchemaCheck>({ max: REMEMBERED_CHECKS });

  const checkOf = (schema: Readonly<Record<string, unknown>>): SchemaCheck => {
    const text = JSON.stringify(schema);
    const known = checks.get(text);
    if (known) return known;
    const { check, problem } = compileSchema(schema);
    // It was compiled before it was stored; a busy machine may need a second try.
    if (problem) return () => [problem];
    checks.set(text, check);
    return check;
  };

  return {
    async of(appId) {
      const known = remembered.get(appId);
      if (known) return known;
      const before = changes;
      const types = new Map((await eventTypesOfApp(pool, appId)).map((type) => [type.name, type]));
      const own = ownEventTypes(types, checkOf);
      if (before === changes) remembered.set(appId, own);
      return own;
    },
    forget(appId) {
      changes += 1;
      remembered.delete(appId);
    },
  };
}

function ownEventTypes(
  types: ReadonlyMap<string, OwnEventType>,
  checkOf: (schema: Readonly<Record<string, unknown>>) => SchemaCheck,
): OwnEventTypes {
  return {
    has: (type) => types.has(type),
    problemsWith(type, data) {
      const schema = types.get(type)?.schema;
      return schema ? checkOf(schema)(data) : [];
    },
  };
}
