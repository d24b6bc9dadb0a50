import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { problems } from './problem.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
const MAX_LENGTH = 255;

/** The header's value. */
export const idempotencyKey = z.string().min(1).max(MAX_LENGTH);

/**
 * A request's `Idempotency-Key`; undefined without one.
 * @throws Problem 400
 */
export function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get(IDEMPOTENCY_KEY);
  if (key === undefined || idempotencyKey.safeParse(key).success) return key;
  throw problems.invalidParameter([
    { parameter: IDEMPOTENCY_KEY, detail: `must have 1 to ${MAX_LENGTH} characters` },
  ]);
}

/**
 * 32 bytes that stand for an `Idempotency-Key`, the same for the same key and `scope`; undefined without one.
 * @param scope what the key is unique within
 */
export function idempotencyBytes(key: string | undefined, ...scope: readonly string[]): Buffer | undefined {
  if (key === undefined) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([...scope, key]))
    .digest();
}
