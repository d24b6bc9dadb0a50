import { LRUCache } from 'lru-cache';
import { eventTypesOfApp, type AppEventType } from '../store/event-types.js';
import type { Pool } from '../store/pool.js';
import { compileSchema, type SchemaCheck, type SchemaProblem } from './json-schema.js';

/** The event types that an application added, as requests are checked against them. */
export interface AppEventTypes {
  has(type: string): boolean;
  /** What is wrong with an event's data by its type's schema; paths begin inside `data`. */
  problemsWith(type: string, data: unknown): readonly SchemaProblem[];
}

/** Reads the event types that applications added, and remembers them for a moment. */
export interface EventTypeRegistry {
  of(appId: string): Promise<AppEventTypes>;
  /** Forgets what is remembered of an application, after a change. */
  forget(appId: string): void;
}

/** A change is seen in other processes after no longer than this; in this one at once. */
const REMEMBER_MS = 500;
const REMEMBERED_APPS = 1_000;
const REMEMBERED_CHECKS = 1_000;
/** Of all schemas together, in each of the two memories: schemas are what takes room. */
const REMEMBERED_CHARACTERS = 8_388_608;

export function createEventTypeRegistry(pool: Pool): EventTypeRegistry {
  /** Counts changes: what was read before one is not remembered after it. */
  let changes = 0;
  const remembered = new LRUCache<string, RememberedApp>({
    max: REMEMBERED_APPS,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: ({ characters }) => Math.max(1, characters),
    ttl: REMEMBER_MS,
  });
  /** By the schema's text, which is immutable: a type that is read again is not compiled again. */
  const checks = new LRUCache<string, SchemaCheck>({
    max: REMEMBERED_CHECKS,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_check, text) => text.length,
  });

  const checkOf = ({ text, schema }: SchemaText): SchemaCheck => {
    const known = checks.get(text);
    if (known) return known;
    const compiled = compileSchema(schema);
    // It was compiled before it was stored; a busy machine may need a second try.
    if (compiled.kind === 'refused') return () => [compiled.problem];
    checks.set(text, compiled.check);
    return compiled.check;
  };

  return {
    async of(appId) {
      const known = remembered.get(appId);
      if (known) return known.eventTypes;
      const before = changes;
      const types = await eventTypesOfApp(pool, appId);
      const read = rememberedApp(types, checkOf);
      if (before === changes) remembered.set(appId, read);
      return read.eventTypes;
    },
    forget(appId) {
      changes += 1;
      remembered.delete(appId);
    },
  };
}

interface SchemaText {
  readonly text: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

interface RememberedApp {
  readonly eventTypes: AppEventTypes;
  /** Of its schemas. */
  readonly characters: number;
}

function rememberedApp(
  types: readonly AppEventType[],
  checkOf: (schema: SchemaText) => SchemaCheck,
): RememberedApp {
  const schemas = new Map(
    types.map(({ name, schema }) => [name, schema && { text: JSON.stringify(schema), schema }]),
  );
  const characters = [...schemas.values()].reduce((sum, schema) => sum + (schema?.text.length ?? 0), 0);
  return {
    characters,
    eventTypes: {
      has: (type) => schemas.has(type),
      problemsWith(type, data) {
        const schema = schemas.get(type);
        return schema ? checkOf(schema)(data) : [];
      },
    },
  };
}
