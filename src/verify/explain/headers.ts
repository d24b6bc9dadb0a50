import { idOf, signaturesOf, timeOf } from '../claim.js';
import { neededHeaderOf } from '../headers.js';
import { type Scheme, schemes } from '../scheme.js';
import type { Body, Finding, HeadersLike, VerifyOptions } from '../types.js';
import { VerificationError } from '../verification-error.js';
import { verify } from '../verify.js';

/** Every header that is missing or malformed, each once. */
export function headerProblems(scheme: Scheme, headers: HeadersLike): readonly Finding[] {
  const findings = [signaturesOf, idOf, timeOf].flatMap((read) => problemOf(() => read(scheme, headers)));
  return findings.filter(({ text }, index) => findings.findIndex((each) => each.text === text) === index);
}

/** What another profile makes of the request, for each whose signature header it has. */
export async function otherProfiles(
  body: Body,
  headers: HeadersLike,
  options: VerifyOptions,
): Promise<readonly Finding[]> {
  const own = schemes[options.profile ?? 'standard'];
  const others = Object.values(schemes).filter(
    (scheme) =>
      !own.signatureHeaders.includes(scheme.signatureHeaders[0]) &&
      problemOf(() => neededHeaderOf(headers, scheme.signatureHeaders[0])).length === 0,
  );
  return Promise.all(
    others.map(async ({ profile, signatureHeaders: [header] }): Promise<Finding> => {
      const problem = await problemWith(body, headers, { ...options, profile });
      const outcome = problem === null ? 'it is valid.' : `it is not valid either: ${problem}`;
      const text = `The request has the header "${header}" of the profile "${profile}". With that profile ${outcome}`;
      return { kind: 'profile', profile, text };
    }),
  );
}

function problemOf(read: () => unknown): readonly Extract<Finding, { kind: 'header' }>[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof VerificationError) || error.header === null) throw error;
    return [{ kind: 'header', name: error.header, text: error.message }];
  }
}

async function problemWith(body: Body, headers: HeadersLike, options: VerifyOptions): Promise<string | null> {
  try {
    await verify(body, headers, options);
    return null;
  } catch (error) {
    if (error instanceof VerificationError) return error.message;
    throw error;
  }
}
