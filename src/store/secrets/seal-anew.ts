import { unexpired } from '../../domain/endpoint.js';
import { timeOf } from '../database/log-clock.js';
import { inTransaction, type Pool, type Queryable } from '../database/pool.js';
import { everySealed, lockSealed, writeSealed, type SealedValues } from './sealed-values.js';
import { keyIdOf, type Sealer } from './sealer.js';

/**
 * Re-encrypts with the sealer's own key what is encrypted with its former keys: one endpoint per transaction, under its
 * row's lock. So it waits for changes in progress while it holds no lock, and blocks others for one write at most. Run
 * again, even concurrently or after it was killed, it does the rest. What cannot be decrypted stays as it is.
 * @returns how many endpoints it re-encrypted, and how many were encrypted with the key before
 */
export async function sealAnew(pool: Pool, sealer: Sealer): Promise<{ anew: number; already: number }> {
  const count = { anew: 0, already: 0 };
  const now = await timeOf(pool);
  for await (const seen of everySealed(pool)) {
    const outcome = isSealedWith(seen, sealer.keyId) ? 'already' : await sealOne(pool, sealer, seen.id, now);
    if (outcome !== null) count[outcome] += 1;
  }
  return count;
}

/** Null when it is gone, or something of it does not open. */
function sealOne(pool: Pool, sealer: Sealer, id: string, now: Date): Promise<'anew' | 'already' | null> {
  return inTransaction(pool, async (client) => {
    const current = await lockSealed(client, id);
    if (!current) return null;
    if (isSealedWith(current, sealer.keyId)) return 'already';
    const anew = sealedAnew(current, sealer, now);
    await writeSealed(client, anew);
    return isSealedWith(anew, sealer.keyId) ? 'anew' : null;
  });
}

/** The values sealed with the sealer's key; one that does not open stays. Previous secrets whose grace is over go. */
export function sealedAnew(values: SealedValues, sealer: Sealer, now: Date): SealedValues {
  const { id, secret, headers } = values;
  const again = (sealed: Buffer) => {
    const text = openedOrNull(sealer, sealed, id);
    return text === null ? sealed : sealer.seal(text, id);
  };
  return {
    id,
    secret: secret && again(secret),
    headers: headers && again(headers),
    previousSecrets: unexpired(values.previousSecrets, now).map((previous) => ({
      ...previous,
      secret: again(Buffer.from(previous.secret, 'base64')).toString('base64'),
    })),
  };
}

/** The values that the current key alone does not decrypt. */
export interface Unopened {
  /** Ids of the endpoints that hold it. */
  readonly endpoints: readonly string[];
  /** Ids of the keys that they need and that were not given. */
  readonly missing: ReadonlySet<string>;
  /** Ids of the given former keys that open what is left. */
  readonly former: ReadonlySet<string>;
  /** Values that do not open although their key was given. */
  readonly altered: number;
}

/** Opens everything that is sealed, and says what the sealer's own key, alone, could not. */
export async function unopenedBy(db: Queryable, sealer: Sealer): Promise<Unopened> {
  const left = {
    endpoints: [] as string[],
    missing: new Set<string>(),
    former: new Set<string>(),
    altered: 0,
  };
  const now = await timeOf(db);
  for await (const values of everySealed(db)) {
    let isWhole = true;
    for (const sealed of sealedIn(values, now)) {
      const keyId = keyIdOrNull(sealed);
      const opens = openedOrNull(sealer, sealed, values.id) !== null;
      if (opens && keyId === sealer.keyId) continue;
      isWhole = false;
      if (keyId !== null && !sealer.keyIds.has(keyId)) left.missing.add(keyId);
      else if (keyId !== null && opens) left.former.add(keyId);
      else left.altered += 1;
    }
    if (!isWhole) left.endpoints.push(values.id);
  }
  return left;
}

function isSealedWith(values: SealedValues, keyId: string): boolean {
  return sealedIn(values, null).every((sealed) => keyIdOrNull(sealed) === keyId);
}

/** @param now leaves out what has expired by then; null leaves out nothing */
function sealedIn(values: SealedValues, now: Date | null): Buffer[] {
  const previous = now ? unexpired(values.previousSecrets, now) : values.previousSecrets;
  return [
    ...(values.secret ? [values.secret] : []),
    ...(values.headers ? [values.headers] : []),
    ...previous.map(({ secret }) => Buffer.from(secret, 'base64')),
  ];
}

function openedOrNull(sealer: Sealer, sealed: Buffer, id: string): string | null {
  try {
    return sealer.open(sealed, id);
  } catch {
    return null;
  }
}

function keyIdOrNull(sealed: Buffer): string | null {
  try {
    return keyIdOf(sealed);
  } catch {
    return null;
  }
}
