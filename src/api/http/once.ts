import { createHash, randomUUID } from 'node:crypto';
import { contentHashOf } from '../../lib/canonical-json.js';
import {
  findIdempotencyKey,
  insertIdempotencyKey,
  tryLockIdempotencyKey,
  updateIdempotencyKey,
} from '../../store/apps/idempotency-keys.js';
import { inTransaction, type Queryable } from '../../store/database/pool.js';
import type { ApiContext } from '../context.js';
import { IDEMPOTENCY_KEY } from './idempotency-key.js';
import { problems } from './problem.js';
import { untilKnown } from './until-known.js';

/**
 * How a handler creates something, so that a request with an `Idempotency-Key` creates it once: in PostgreSQL by
 * `inTransaction`, in Temporal by `id` (0027).
 */
export interface Once<Result> {
  /**
   * Creates it in one transaction, in which the answer is remembered too: there is never the one without the other.
   * @param work gives the answer
   * @returns that; the first request's, as JSON has it, if that has been answered meanwhile
   * @throws Problem 409 when the first request had other content, or is still under way
   */
  inTransaction(work: (client: Queryable) => Promise<Result>): Promise<Result>;
  /**
   * A UUID for what is created, the same for every repetition, and remembered before it is given: so what is begun by it
   * and cut off is finished by a repetition, and not begun twice.
   * @throws Problem 409 when the first request had other content
   */
  id(): Promise<string>;
}

/** For a request without a key: everything is new. */
export function withoutKey<Result>({ pool }: Pick<ApiContext, 'pool'>): Once<Result> {
  return { inTransaction: (work) => inTransaction(pool, work), id: () => Promise.resolve(randomUUID()) };
}

/** A request with a key, and what it is unique within: `scope`. */
export interface KeyedRequest {
  readonly key: string;
  readonly scope: readonly unknown[];
  /** The body as JSON. */
  readonly content: unknown;
}

/** What is stored of a request. */
interface Remembered {
  /** SHA-256 of its content. */
  readonly content: string;
  /** The id of what the request creates in Temporal. */
  readonly id?: string;
  /** Undefined until there is one. */
  readonly answer?: unknown;
}

export interface RememberedOnce<Result> extends Once<Result> {
  /**
   * The first request's answer, as JSON has it; null when there is none yet.
   * @throws Problem 409 when it had other content
   */
  first(): Promise<{ readonly answer: Result } | null>;
  /** Remembers the answer of a request that has created something by `id`. */
  answered(answer: Result): Promise<void>;
}

/**
 * Everything that is stored is sealed: the answer may hold a signing secret, and the content's hash could tell a short
 * one to whoever tries them all.
 * @param shownAgain makes the answer to a repetition, without what is shown once
 */
export function withKey<Result>(
  { pool, sealer }: Pick<ApiContext, 'pool' | 'sealer'>,
  { key, scope, content }: KeyedRequest,
  shownAgain: (answer: Result) => Result,
): RememberedOnce<Result> {
  const keyHash = createHash('sha256')
    .update(JSON.stringify([...scope, key]))
    .digest();
  const context = `idempotency-key/${keyHash.toString('hex')}`;
  const contentHash = contentHashOf(content).toString('hex');
  /** Set once `id` has been given. */
  let id: string | undefined;

  const sealed = (remembered: Omit<Remembered, 'content'>) =>
    sealer.seal(JSON.stringify({ content: contentHash, ...remembered }), context);
  const find = async (db: Queryable): Promise<Remembered | null> => {
    const found = await findIdempotencyKey(db, keyHash);
    if (!found) return null;
    const remembered = JSON.parse(sealer.open(found, context)) as Remembered;
    if (remembered.content !== contentHash) throw problems.idempotencyConflict(IDEMPOTENCY_KEY);
    return remembered;
  };
  const firstIn = async (db: Queryable) => {
    const remembered = await find(db);
    return remembered?.answer === undefined ? null : { answer: remembered.answer as Result };
  };

  return {
    first: () => firstIn(pool),

    async inTransaction(work) {
      // A request that waits for another one holds no connection.
      const done = await untilKnown(() =>
        inTransaction(pool, async (client) => {
          if (!(await tryLockIdempotencyKey(client, keyHash))) return null;
          const first = await firstIn(client);
          if (first) return first;
          const answer = await work(client);
          await insertIdempotencyKey(client, keyHash, sealed({ answer: shownAgain(answer) }));
          return { answer };
        }),
      );
      if (!done) throw problems.idempotencyUnderWay(IDEMPOTENCY_KEY);
      return done.answer;
    },

    async id() {
      const fresh = randomUUID();
      for (;;) {
        if (await insertIdempotencyKey(pool, keyHash, sealed({ id: fresh }))) return (id = fresh);
        const before = await find(pool);
        if (before?.id !== undefined) return (id = before.id);
        // It has expired between the two looks.
      }
    },

    async answered(answer) {
      if (id !== undefined)
        await updateIdempotencyKey(pool, keyHash, sealed({ id, answer: shownAgain(answer) }));
    },
  };
}
