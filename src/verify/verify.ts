import { bytesOf, textOf } from './bytes.js';
import { type Claim, claimOf, fits } from './claim.js';
import { headerOf } from './headers.js';
import { type Settings, settingsOf } from './options.js';
import type { Scheme } from './scheme.js';
import { readSecret } from './secret.js';
import { imported } from './signature.js';
import type { Body, HeadersLike, RequestLike, Verified, VerifyOptions } from './types.js';
import { VerificationError } from './verification-error.js';

/**
 * Verifies a request by its body and headers, and gives the event. Age is judged only after the signature: a request
 * that is too old was signed with the right secret.
 * @param body the bytes of the request as they came, or their text
 * @throws VerificationError with the reason; a malformed secret is one only where no other secret fits
 * @throws TypeError for a body that was parsed, or options that cannot be meant
 */
export async function verify<T = unknown>(
  body: Body,
  headers: HeadersLike,
  options: VerifyOptions,
): Promise<Verified<T>> {
  const settings = settingsOf(options);
  const claim = claimOf(settings.scheme, headers);
  const bytes = bytesOf(body);
  await mustFit(settings, claim, bytes);
  mustBeRecent(settings, claim);
  const parsed = parse(bytes);
  const member = membersOf(parsed);
  const { scheme } = settings;
  const type = member(scheme.typeMember);
  return {
    id: scheme.idHeader === null ? textOrNull(member('id')) : claim.id,
    type: textOrNull(type) ?? '',
    timestamp:
      claim.time === null ? dateOf(textOrNull(member(scheme.timeMember))) : dateOf(Number(claim.time) * 1000),
    test: isTest(scheme, type, headers),
    data: member('data') as T,
    body: parsed,
  };
}

/**
 * The same for a Fetch `Request`, whose body it reads (Hono, Next, Workers, Deno, Bun).
 * @throws VerificationError as `verify`
 * @throws TypeError when the body was read before
 */
export async function verifyRequest<T = unknown>(
  request: RequestLike,
  options: VerifyOptions,
): Promise<Verified<T>> {
  if (request.bodyUsed) {
    throw new TypeError('The body of the request was read before: verify first, or give it request.clone().');
  }
  return verify<T>(await request.arrayBuffer(), request.headers, options);
}

async function mustFit({ scheme, secrets }: Settings, claim: Claim, body: Uint8Array): Promise<void> {
  const read = secrets.map((secret) => readSecret(scheme.secretKind, secret));
  const keys = await Promise.all(read.flatMap((each) => ('key' in each ? [imported(each.key)] : [])));
  if (await fits(scheme, claim, body, keys)) return;
  const problem = read.find((each) => 'problem' in each)?.problem;
  if (problem !== undefined) throw new VerificationError('secret_malformed', problem);
  if (secrets.length === 0) throw new VerificationError('secret_malformed', 'No secret was given.');
  const [header] = scheme.signatureHeaders;
  const whose = secrets.length === 1 ? 'the secret' : `any of the ${secrets.length} secrets`;
  throw new VerificationError(
    'signature_mismatch',
    `The signature does not fit ${whose}: the secret is another one, or the request is not as it was signed.`,
    header,
  );
}

function mustBeRecent({ scheme, toleranceSeconds, nowSeconds }: Settings, { time }: Claim): void {
  if (time === null) return;
  const age = nowSeconds - Number(time);
  if (Math.abs(age) <= toleranceSeconds) return;
  const header = scheme.time?.header ?? null;
  throw age > 0
    ? new VerificationError('timestamp_too_old', `The request was signed ${age} s ago.`, header)
    : new VerificationError(
        'timestamp_too_new',
        `The request was signed ${-age} s from now, by the clock of this machine.`,
        header,
      );
}

function parse(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    if (text !== null) return JSON.parse(text) as unknown;
  } catch {
    // Said below.
  }
  throw new VerificationError('body_not_json', 'The signature fits, but the body is not JSON.');
}

/** Reads an object's own members; anything else has none. */
function membersOf(body: unknown): (name: string) => unknown {
  if (typeof body !== 'object' || body === null) return () => undefined;
  return (name) => (Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function dateOf(value: string | number | null): Date | null {
  if (value === null) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function isTest({ testType }: Scheme, type: unknown, headers: HeadersLike): boolean {
  return testType === null ? headerOf(headers, 'x-posthorn-test') === 'true' : type === testType;
}
