import type { SignaturesByHeader } from '../claim.js';
import type { Settings } from '../options.js';
import { readSecret, trimmed } from '../secret.js';
import { imported, type Key } from '../signature.js';
import type { Finding } from '../types.js';
import type { KeyVariation } from './search.js';
import { mistakesIn } from './secret-mistakes.js';

/** Each secret as it was given, then every other key that it may have been meant to be, none of them twice. */
export async function keyVariations({ scheme, secrets }: Settings): Promise<readonly KeyVariation[]> {
  const known = new Set<string>();
  const all: KeyVariation[] = [];
  const add = async (key: Key, whose: string, finding: Finding | null) => {
    const mark = `${key.algorithm} ${key.bytes.join()}`;
    if (known.has(mark)) return;
    known.add(mark);
    all.push({ value: [await imported(key)], whose, finding });
  };
  for (const [index, secret] of secrets.entries()) {
    const read = readSecret(scheme.secretKind, secret);
    if ('key' in read) await add(read.key, whose(index, secrets), null);
  }
  // Two headers with one signature each may each need another secret.
  if (all.length > 1)
    all.push({ value: all.flatMap(({ value }) => value), whose: 'the secrets', finding: null });
  for (const [index, secret] of secrets.entries()) {
    if (typeof secret !== 'string') continue;
    for (const { key, hint, text } of mistakesIn(scheme.secretKind, secret)) {
      const subject = secrets.length === 1 ? 'The secret' : `Secret ${index + 1}`;
      await add(key, whose(index, secrets), { kind: 'secret', hint, text: `${subject} ${text}` });
    }
  }
  return all;
}

/** What can be said of the secrets alone. */
export function secretFindings({ scheme, secrets }: Settings): readonly Finding[] {
  if (secrets.length === 0) return [{ kind: 'secret', hint: 'malformed', text: 'No secret was given.' }];
  return secrets.flatMap((secret): Finding[] => {
    const read = readSecret(scheme.secretKind, secret);
    if ('problem' in read) return [{ kind: 'secret', hint: 'malformed', text: read.problem }];
    if (trimmed(secret) === secret) return [];
    const text = 'A secret has white space at an end. It is ignored here; other programs would sign with it.';
    return [{ kind: 'secret', hint: 'has_spaces', text }];
  });
}

/** For a request that no secret fits, whatever is changed. */
export function nothingFits({ secrets }: Settings, signatures: SignaturesByHeader): Finding {
  const given = secrets.length === 1 ? 'the secret' : 'any of the secrets';
  const tried = `The signature does not fit ${given}, nor would it with the usual mistakes mended.`;
  const several = Math.max(...[...signatures.values()].map(({ length }) => length));
  return several > 1
    ? {
        kind: 'secret',
        hint: 'other_secret_of_rotation',
        text: `${tried} The request has ${several} signatures, so a rotation is under way: look up both secrets of the endpoint.`,
      }
    : {
        kind: 'secret',
        hint: 'other_secret',
        text: `${tried} The secret is most likely that of another endpoint, or one that was rotated; else the body was changed.`,
      };
}

function whose(index: number, secrets: readonly string[]): string {
  return secrets.length === 1 ? 'the secret' : `secret ${index + 1} of ${secrets.length}`;
}
