import { fits, type SignaturesByHeader } from '../claim.js';
import type { Scheme } from '../scheme.js';
import type { ImportedKey } from '../signature.js';
import type { Finding } from '../types.js';

/** Something to try. `finding` says what is wrong if it fits; null for what the request really has. */
export interface Variation<T> {
  readonly value: T;
  readonly finding: Finding | null;
}

export interface KeyVariation extends Variation<readonly ImportedKey[]> {
  /** The secret that it comes from, in words: "the secret", "secret 2 of 3". */
  readonly whose: string;
}

export interface Variations {
  readonly bodies: readonly Variation<Uint8Array>[];
  readonly keys: readonly KeyVariation[];
  readonly ids: readonly Variation<string | null>[];
  readonly times: readonly Variation<string | null>[];
}

/** What fits. */
export interface Fitting {
  readonly body: Uint8Array;
  readonly whose: string;
  /** What has to be changed for it; none where the signature is right as it is. */
  readonly changes: readonly Finding[];
}

/** Together less than a second on one core. */
const MOST_TRIES = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Tries all combinations, those with the fewest changes first, until one fits; null when none does. */
export async function search(
  scheme: Scheme,
  signatures: SignaturesByHeader,
  variations: Variations,
): Promise<Fitting | null> {
  const triesEach = [...signatures.values()].flat().length;
  let tries = 0;
  let bytes = 0;
  for (const { body, key, id, time } of combinations(variations)) {
    tries += triesEach;
    bytes += triesEach * body.value.length;
    // What the request really has is tried in any case.
    if (tries > triesEach && (tries > MOST_TRIES || bytes > MOST_BYTES)) return null;
    if (await fits(scheme, { id: id.value, time: time.value, signatures }, body.value, key.value)) {
      return { body: body.value, whose: key.whose, changes: findingsOf([id, time, key, body]) };
    }
  }
  return null;
}

interface Combination {
  readonly body: Variation<Uint8Array>;
  readonly key: KeyVariation;
  readonly id: Variation<string | null>;
  readonly time: Variation<string | null>;
}

function combinations({ bodies, keys, ids, times }: Variations): readonly Combination[] {
  const all = bodies.flatMap((body) =>
    keys.flatMap((key) => ids.flatMap((id) => times.map((time) => ({ body, key, id, time })))),
  );
  const changesIn = ({ body, key, id, time }: Combination) => findingsOf([body, key, id, time]).length;
  return all
    .map((combination) => ({ combination, changes: changesIn(combination) }))
    .sort((one, other) => one.changes - other.changes)
    .map(({ combination }) => combination);
}

function findingsOf(variations: readonly Variation<unknown>[]): readonly Finding[] {
  return variations.flatMap(({ finding }) => finding ?? []);
}
