import { ATTEMPT_ERROR_CODES, type Attempt, type AttemptErrorCode } from '../domain/attempt.js';
import type { Profile } from '../profiles/profile.js';
import type { DeliveryFacts, Remedy } from './explanation.js';
import { changeEndpoint, fixReceiver } from './remedies.js';
import { durationText, timeText } from './words.js';

/** What came of an attempt, and what its receiver can do about it. Pure. */

/** The code of an attempt's recorded `error`; null without one. */
export function errorCodeOf({ error }: Pick<Attempt, 'error'>): AttemptErrorCode | null {
  const [code] = error?.split(':') ?? [];
  return ATTEMPT_ERROR_CODES.find((each) => each === code) ?? null;
}

/** `got 500 after 35 ms`, `got no answer (timeout: no answer within 15 s)`. */
export function outcomeText({ statusCode, error, durationMs }: Attempt): string {
  const after = durationMs === null ? '' : ` after ${durationText(durationMs)}`;
  const code = errorCodeOf({ error });
  if (code === 'worker_lost') return 'left no outcome, because its worker was lost';
  if (code === 'not_in_log') return 'is not in the log any more, because PostgreSQL was restored';
  if (statusCode === null) return `got no answer${error === null ? '' : ` (${error})`}`;
  return `got ${statusCode}${after}`;
}

/** `Attempt 2 of 10 got 500 after 35 ms at 2026-11-30 12:04:10 UTC.` */
export function attemptText(attempt: Attempt, of: number | null): string {
  const number = of === null ? `${attempt.number}` : `${attempt.number} of ${of}`;
  return `Attempt ${number} ${outcomeText(attempt)} at ${timeText(attempt.startedAt)}.`;
}

export const POSSIBLY_REPEATED =
  'The receiver may have got it more than once: it tells repetitions by the event id.';

/** What would let the next attempt succeed, by what became of this one. */
export function adviceAfter(attempt: Attempt, facts: DeliveryFacts): Remedy[] {
  const advice = adviceByError(attempt, facts) ?? adviceByStatus(attempt.statusCode, facts);
  return advice === null ? [] : [advice];
}

function adviceByError(attempt: Attempt, facts: DeliveryFacts): Remedy | null {
  switch (errorCodeOf(attempt)) {
    case null:
    case 'worker_lost':
    case 'not_in_log':
    case 'unknown':
      return null;
    case 'timeout':
      return fixReceiver(`Answer first, and do the work afterwards: ${limitText(facts.profile)}.`);
    case 'connection_refused':
      return fixReceiver("Start the receiver, and check the URL's port: nothing accepts connections there.");
    case 'connection_lost':
      return fixReceiver(
        'Let the receiver, and every proxy before it, keep the connection open until it has answered.',
      );
    case 'unreachable':
      return fixReceiver("Check the receiver's network and firewall: no packet gets there.");
    case 'dns':
      return changeEndpoint(facts, "Correct the URL's host, or its DNS record: the name has no address.");
    case 'tls':
      return fixReceiver(
        'Give the receiver a certificate that is valid for its host name, has not expired, and comes with its chain.',
      );
    case 'address_refused':
      return changeEndpoint(
        facts,
        'Set a URL with a public address. The operator can allow a private one by POSTHORN_ALLOWED_TARGETS.',
      );
    case 'redirect':
      return changeEndpoint(facts, 'Set the URL that the redirect leads to: redirects are never followed.');
    case 'invalid_answer':
      return fixReceiver('Let the receiver answer in HTTP/1.1: what it sent is no HTTP answer.');
  }
}

function adviceByStatus(statusCode: number | null, facts: DeliveryFacts): Remedy | null {
  switch (statusCode) {
    case null:
      return null;
    case 401:
    case 403:
      return fixReceiver(
        'Let the receiver accept the signature: check its secret, and that it verifies the raw body.',
      );
    case 404:
    case 405:
    case 410:
      return changeEndpoint(facts, "Correct the URL's path, or let the receiver take POST requests there.");
    case 413:
      return fixReceiver("Raise the receiver's limit for the size of a body.");
    case 429:
      return changeEndpoint(facts, 'Set a "rate_limit" that the receiver keeps up with.');
    default:
      return statusCode >= 500
        ? fixReceiver("Look for the error in the receiver's log, at the time of the attempt.")
        : fixReceiver('Let the receiver answer with a 2xx status: every other answer counts as a failure.');
  }
}

/** `the whole exchange may take 15 seconds`. */
export function limitText({ timeLimitMs }: Profile): string {
  return `the whole exchange may take ${durationText(timeLimitMs)}`;
}
