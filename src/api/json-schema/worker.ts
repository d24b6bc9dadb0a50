import { readlinkSync } from 'node:fs';
import { Script } from 'node:vm';
import { LRUCache } from 'lru-cache';
import { compileSchema, type CompiledSchema, type SchemaProblem } from './compile.js';

/** The process that callers' schemas run in; `SchemaProcess` starts it, asks it one thing at a time, and ends it. */

/** `key` stands for a schema's text. */
export type SchemaRequest =
  | { readonly kind: 'compile'; readonly key: string; readonly text: string }
  /** `data` is JSON. */
  | { readonly kind: 'check'; readonly key: string; readonly data: string };

export type SchemaAnswer =
  /** `threadPath` is the folder of its one busy thread in /proc; null where there is none. */
  | { readonly kind: 'ready'; readonly threadPath: string | null }
  | { readonly kind: 'compiled'; readonly problem: SchemaProblem | null }
  | { readonly kind: 'checked'; readonly problems: readonly SchemaProblem[] }
  /** It must be compiled first. */
  | { readonly kind: 'unknown' }
  /** A fault of ours. */
  | { readonly kind: 'broken'; readonly message: string };

const REMEMBERED_SCHEMAS = 1_000;
/** Compiled, a schema takes ten to thirty times its text. */
const REMEMBERED_CHARACTERS = 4_194_304;

const schemas = new LRUCache<string, CompiledSchema & { readonly characters: number }>({
  max: REMEMBERED_SCHEMAS,
  maxSize: REMEMBERED_CHARACTERS,
  sizeCalculation: ({ characters }) => Math.max(1, characters),
});

function answer(request: SchemaRequest): SchemaAnswer {
  if (request.kind === 'compile') {
    const compiled = schemas.get(request.key) ?? compileSchema(request.text);
    schemas.set(request.key, { ...compiled, characters: request.text.length });
    return { kind: 'compiled', problem: compiled.kind === 'refused' ? compiled.problem : null };
  }
  const schema = schemas.get(request.key);
  if (!schema) return { kind: 'unknown' };
  if (schema.kind === 'refused') return { kind: 'checked', problems: [uncheckable(schema.problem)] };
  return { kind: 'checked', problems: schema.check(JSON.parse(request.data)) };
}

/** It was usable when it was registered: by another version of Posthorn. */
function uncheckable({ detail }: SchemaProblem): SchemaProblem {
  return { path: [], detail: `cannot be checked: the event type's schema ${detail}` };
}

function threadPathOrNull(): string | null {
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}`;
  } catch {
    return null;
  }
}

/** Who asks cuts a request off much earlier. If that process has died, nothing goes on for longer: milliseconds. */
const LONGEST_MS = 30_000;
const guarded = new Script('answerRequest()');
const scope = globalThis as { answerRequest?: () => SchemaAnswer };

function answerInTime(request: SchemaRequest): SchemaAnswer {
  scope.answerRequest = () => answer(request);
  try {
    return guarded.runInThisContext({ timeout: LONGEST_MS }) as SchemaAnswer;
  } catch (error) {
    return {
      kind: 'broken',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

process.on('message', (request: SchemaRequest) => process.send?.(answerInTime(request)));
process.on('disconnect', () => process.exit());
// A stop is for the process that asks: it ends this one when nothing waits any more.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.send?.({ kind: 'ready', threadPath: threadPathOrNull() } satisfies SchemaAnswer);
