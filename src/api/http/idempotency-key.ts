import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { problems } from './problem.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
const MAX_LENGTH = 255;

/** The header's value: printable ASCII. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]+$/)
  .max(MAX_LENGTH);

/**
 * A request's `Idempotency-Key`; undefined without one.
 * @param isTaken whether the route uses the header; if not, it is refused, because its sender relies on it
 * @throws Problem 400
 */
export function idempotencyKeyOf(request: Request, isTaken: boolean): string | undefined {
  const [key, ...others] = request.headersDistinct[IDEMPOTENCY_KEY.toLowerCase()] ?? [];
  if (key === undefined) return undefined;
  if (!isTaken) throw refused('is not accepted here: repeating this request creates nothing twice');
  if (others.length > 0) throw refused('is given twice');
  if (idempotencyKey.safeParse(key).success) return key;
  throw refused(`must have 1 to ${MAX_LENGTH} printable ASCII characters without spaces`);
}

const refused = (detail: string) => problems.invalidParameter([{ parameter: IDEMPOTENCY_KEY, detail }]);

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
