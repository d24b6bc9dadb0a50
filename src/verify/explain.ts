import { bytesOf } from './bytes.js';
import { bodyHints, bodyVariations, notJson } from './explain/bodies.js';
import { clockFindings, idVariations, timeVariations } from './explain/claims.js';
import { headerProblems, otherProfiles } from './explain/headers.js';
import { nothingFits, keyVariations, secretFindings } from './explain/keys.js';
import { search } from './explain/search.js';
import { signaturesOf } from './claim.js';
import { settingsOf } from './options.js';
import type { Body, ExplainOptions, Explanation, Finding, HeadersLike } from './types.js';
import { VerificationError } from './verification-error.js';
import { verify } from './verify.js';

/**
 * Says what is right and wrong with a request. Where the signature does not fit, it tries what usually goes wrong with
 * bodies, secrets, ids and times, and names the change with which it would fit: at most some 1,000 tries, or 64 MiB of
 * hashing. It is for the one who looks for a mistake: an attacker would learn from it, so never answer with it.
 * @throws TypeError as `verify`; never VerificationError
 */
export async function explain(
  body: Body,
  headers: HeadersLike,
  options: ExplainOptions,
): Promise<Explanation> {
  const settings = settingsOf(options);
  const { scheme } = settings;
  const received = bytesOf(body);
  const valid = await accepts(body, headers, options);

  const problems: Finding[] = [...headerProblems(scheme, headers), ...secretFindings(settings)];
  const right: Finding[] = [];
  const signatures = orNull(() => signaturesOf(scheme, headers));
  const fitting =
    signatures &&
    (await search(scheme, signatures, {
      bodies: bodyVariations(scheme, received, options.sentBody),
      keys: await keyVariations(settings),
      ids: idVariations(scheme, headers, received),
      times: timeVariations(scheme, headers),
    }));
  if (fitting) {
    problems.push(...fitting.changes, ...notJson(fitting.body));
    right.push({ kind: 'ok', text: rightText(scheme.signatureHeaders[0], fitting.whose, fitting.changes) });
  } else {
    if (signatures) problems.push(nothingFits(settings, signatures), ...bodyHints(received, headers));
    problems.push(...(await otherProfiles(body, headers, options)));
  }
  const clock = clockFindings(settings, headers);
  return { valid, findings: [...problems, ...clock.problems, ...right, ...(fitting ? clock.right : [])] };
}

function rightText(header: string, whose: string, changes: readonly Finding[]): string {
  const condition = changes.length === 0 ? '' : ', with what is said above mended';
  return `The signature in "${header}" fits ${whose}${condition}.`;
}

async function accepts(body: Body, headers: HeadersLike, options: ExplainOptions): Promise<boolean> {
  try {
    await verify(body, headers, options);
    return true;
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
