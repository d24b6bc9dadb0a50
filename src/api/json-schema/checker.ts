import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FairJobs } from '../access/fair-jobs.js';
import type { SchemaProblem } from './compile.js';
import { problems } from '../http/problem.js';
import { SchemaProcess, type SchemaOutcome } from './process.js';
import type { SchemaAnswer } from './worker.js';

/** Compiles the schemas that callers bring, and checks data by them, in a process of their own (0010). */
export interface SchemaChecker {
  /**
   * What is wrong with a schema; null for one that can be used.
   * @throws Problem 503 when that cannot be found out now
   */
  problemWithSchema(appId: string, text: string): Promise<SchemaProblem | null>;
  /**
   * What is wrong with data by a schema; `unknown` when the schema's text is needed, and was not given.
   * @throws Problem 503 when that cannot be found out now
   */
  problemsWithData(
    appId: string,
    schema: { readonly key: string; readonly text?: string },
    data: unknown,
  ): Promise<readonly SchemaProblem[] | 'unknown'>;
  close(): Promise<void>;
}

/** Processor time, in milliseconds. */
export interface SchemaLimits {
  readonly register: number;
  /** More than to register it, so that what was registered once can be used. */
  readonly compile: number;
  readonly check: number;
}

const LIMITS: SchemaLimits = { register: 1_000, compile: 2_000, check: 500 };

/** What a schema's text is called: its SHA-256, in hexadecimal digits. */
export function schemaKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @param workerPath the schema worker, compiled */
export function createSchemaChecker(workerPath: string, limits = LIMITS): SchemaChecker {
  const process = new SchemaProcess(workerPath);
  const queue = new FairJobs();
  const cutOffs = new CutOffs();

  /** One turn of an application; refused where it, or this schema of it, has just been cut off. */
  const inTurn = async <T>(appId: string, key: string, characters: number, work: () => Promise<T>) => {
    cutOffs.assertNone(appId, key);
    return queue.run(appId, characters, async () => {
      cutOffs.assertNone(appId, key);
      return work();
    });
  };

  const compile = async (appId: string, key: string, text: string, limitMs: number) => {
    const ask = () => process.ask({ kind: 'compile', key, text }, limitMs);
    const startedAt = performance.now();
    let outcome = await ask();
    // Others may have taken the memory, which is free now.
    if (outcome.kind === 'out_of_memory') outcome = await ask();
    if (isTooMuch(outcome)) cutOffs.add(appId, key, performance.now() - startedAt);
    return outcome;
  };

  return {
    problemWithSchema(appId, text) {
      const key = schemaKey(text);
      return inTurn(appId, key, text.length, async () => {
        const outcome = await compile(appId, key, text, limits.register);
        if (isTooMuch(outcome)) {
          return { path: [], detail: 'takes too long, or too much memory, to compile and try' };
        }
        const answer = answerOf(outcome);
        return answer.kind === 'compiled' ? answer.problem : null;
      });
    },

    async problemsWithData(appId, { key, text }, data) {
      const json = JSON.stringify(data);
      return inTurn(appId, key, json.length + (text?.length ?? 0), async () => {
        const check = async () => {
          // If that fails, nothing is known of the data: the event may come again.
          if (text !== undefined) answerOf(await compile(appId, key, text, limits.compile));
          return process.ask({ kind: 'check', key, data: json }, limits.check);
        };
        const startedAt = performance.now();
        let outcome = await check();
        if (outcome.kind === 'out_of_memory') {
          if (text === undefined) return 'unknown';
          outcome = await check();
        }
        if (isTooMuch(outcome)) {
          cutOffs.add(appId, key, performance.now() - startedAt);
          const what = outcome.kind === 'cut_off' ? 'long' : 'much memory';
          return [{ path: [], detail: `takes too ${what} to check by the event type's schema` }];
        }
        const answer = answerOf(outcome);
        return answer.kind === 'checked' ? answer.problems : 'unknown';
      });
    },

    close: () => process.close(),
  };
}

function isTooMuch({ kind }: SchemaOutcome): boolean {
  return kind === 'cut_off' || kind === 'out_of_memory';
}

/** @throws Problem 503 */
function answerOf(outcome: SchemaOutcome): SchemaAnswer {
  if (outcome.kind === 'answered') return outcome.answer;
  throw problems.busy();
}

/**
 * For so long, a schema that was cut off is not tried again, nor anything of an application with too many of them: ten
 * times what it took, which may be seconds when V8 compiles a pattern, because it cannot be interrupted then.
 */
const SHORTEST_MS = 10_000;
const TIMES_AS_LONG = 10;
const TOO_MANY = 3;
const REMEMBERED_APPS = 10_000;

/** Which schemas were cut off a moment ago: they must not occupy the process. */
class CutOffs {
  private readonly ofApps = new LRUCache<string, { key: string; until: number }[]>({
    max: REMEMBERED_APPS,
  });

  add(appId: string, key: string, tookMs: number): void {
    const until = performance.now() + Math.max(SHORTEST_MS, TIMES_AS_LONG * tookMs);
    this.ofApps.set(appId, [...this.recent(appId), { key, until }]);
  }

  /** @throws Problem 503 */
  assertNone(appId: string, key: string): void {
    const recent = this.recent(appId);
    const standing = recent.length >= TOO_MANY ? recent : recent.filter((each) => each.key === key);
    if (standing.length === 0) return;
    const seconds = Math.ceil((Math.min(...standing.map(({ until }) => until)) - performance.now()) / 1_000);
    throw problems.busy(Math.max(1, seconds));
  }

  private recent(appId: string) {
    const now = performance.now();
    return (this.ofApps.get(appId) ?? []).filter(({ until }) => until > now);
  }
}
