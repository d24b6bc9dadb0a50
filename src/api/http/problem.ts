import { IDS_OUTLIVE_EVENTS } from '../../store/retention/retention.js';
import { describe, MAX_FIELD_ERRORS, Problem, type FieldError, type FieldPlace } from './problem-form.js';

/** RFC 9457 problems: every error that the API answers with, by name. */

export { MAX_FIELD_ERRORS, Problem, type FieldError, type FieldPlace };

/** The codes of every 409. */
export const CONFLICTS = [
  'event_conflict',
  'event_dropped',
  'idempotency_conflict',
  'subscription_limit_reached',
  'endpoint_limit_reached',
  'event_type_exists',
  'event_type_in_catalogue',
  'event_type_limit_reached',
  'endpoint_disabled',
  'endpoint_paused',
  'already_finished',
  'resend_limit_reached',
  'nothing_to_resend',
] as const;
export type Conflict = (typeof CONFLICTS)[number];

/** @param found the first `MAX_FIELD_ERRORS` of these are shown; `detail` says when there are more */
function invalid(status: number, code: string, title: string, found: readonly FieldError[]): Problem {
  const errors = found.slice(0, MAX_FIELD_ERRORS);
  const more = found.length > errors.length ? '; and more' : '';
  return new Problem(status, code, title, describe(errors) + more, { errors });
}

function conflict(code: Conflict, title: string, detail: string, more: Problem['more'] = {}): Problem {
  return new Problem(409, code, title, detail, more);
}

const RETRY_AFTER = { 'Retry-After': '2' };

export const problems = {
  invalidJson: (detail: string) => new Problem(400, 'invalid_json', 'The body is not JSON', detail),
  invalidParameter: (errors: readonly FieldError[]) =>
    invalid(400, 'invalid_parameter', 'A parameter is not valid', errors),
  unauthorized: () =>
    new Problem(
      401,
      'unauthorized',
      'No valid key',
      'Send a valid key as "Authorization: Bearer <key>". This one is missing, unknown or revoked.',
      { headers: { 'WWW-Authenticate': 'Bearer' } },
    ),
  unknownKey: () =>
    new Problem(401, 'unauthorized', 'That key is not known', 'The key is unknown, or was revoked.'),
  unknownLink: () =>
    new Problem(
      401,
      'unauthorized',
      'That link does not work any more',
      'A link signs in once, and for a short time. Ask for another one.',
    ),
  notSignedIn: () =>
    new Problem(
      401,
      'unauthorized',
      'Nobody is signed in',
      'Nobody is signed in here, or the session has ended. Sign in again.',
    ),
  /** @param detail what shows that it does not come from a page of the dashboard */
  csrf: (detail: string) => new Problem(403, 'csrf', 'Not from the dashboard', detail),
  adminOnly: () =>
    new Problem(403, 'admin_only', 'Administration only', 'This route needs the administration key.'),
  applicationKeyOnly: () =>
    new Problem(
      403,
      'application_key_only',
      'For applications only',
      'This route needs an application’s key: the key says which application is meant.',
    ),
  missingScope: (scopes: readonly string[]) =>
    new Problem(
      403,
      'missing_scope',
      'A scope is missing',
      `This key does not have the scope ${scopes.join(' or ')}.`,
    ),
  wrongProfile: (profile: string) =>
    new Problem(
      403,
      'wrong_profile',
      'Wrong profile',
      `This route is for applications with the profile ${profile}.`,
    ),
  notFound: () => new Problem(404, 'not_found', 'Not found', 'No such resource.'),
  methodNotAllowed: (allowed: readonly string[]) =>
    new Problem(405, 'method_not_allowed', 'Method not allowed', `This path allows ${allowed.join(', ')}.`, {
      headers: { Allow: allowed.join(', ') },
    }),
  /**
   * @param where what named the event: its id, or the header that the id was derived from
   * @param detail when the other one was accepted
   */
  eventConflict: (
    where: FieldPlace,
    detail = 'An event with this id and other content was accepted before. Use another id.',
  ) =>
    conflict('event_conflict', 'The event id is in use', detail, {
      errors: [{ ...where, detail: 'belongs to an event with other content' }],
    }),
  /**
   * @param where what named the event
   * @param day when it was accepted
   * @param retentionDays how long PostgreSQL keeps an event
   */
  eventDropped: (where: FieldPlace, day: string, retentionDays: number) =>
    conflict(
      'event_dropped',
      'The event was dropped',
      `An event with this id was accepted on ${day}, and is not delivered again. Events are kept for ` +
        `${retentionDays} days, and their ids for ${IDS_OUTLIVE_EVENTS * retentionDays}.`,
      { errors: [{ ...where, detail: 'belongs to an event that is no longer kept' }] },
    ),
  /** @param parameter the header that holds the key */
  idempotencyConflict: (parameter: string) =>
    conflict(
      'idempotency_conflict',
      'The idempotency key is in use',
      'This key was used for a request with another body. Use another key.',
      { errors: [{ parameter, detail: 'was used for a request with another body' }] },
    ),
  /** @param parameter the header that holds the key */
  idempotencyUnderWay: (parameter: string) =>
    conflict(
      'idempotency_conflict',
      'The first request is in progress',
      'The first request with this key has not been answered yet. Repeat this one in a moment.',
      {
        errors: [{ parameter, detail: 'belongs to a request that is in progress' }],
        headers: RETRY_AFTER,
      },
    ),
  subscriptionLimitReached: (limit: number) =>
    conflict(
      'subscription_limit_reached',
      'Too many active subscriptions',
      `An application with this profile may have at most ${limit} active endpoints. Disable or delete one.`,
    ),
  endpointLimitReached: (limit: number) =>
    conflict(
      'endpoint_limit_reached',
      'Too many endpoints',
      `An application may have at most ${limit} endpoints. Delete one.`,
    ),
  eventTypeExists: (name: string) =>
    conflict(
      'event_type_exists',
      'The event type exists',
      `The application or its profile already has the event type "${name}".`,
      { errors: [{ pointer: '/name', detail: 'is already in use' }] },
    ),
  eventTypeInCatalogue: (name: string) =>
    conflict(
      'event_type_in_catalogue',
      'The event type belongs to the profile',
      `"${name}" belongs to the profile's catalogue and cannot be deleted.`,
    ),
  /** @param limit what an application may have at most */
  eventTypeLimitReached: (limit: string) =>
    conflict('event_type_limit_reached', 'Too many event types', `An application may have at most ${limit}.`),
  endpointDisabled: () =>
    conflict('endpoint_disabled', 'The endpoint is disabled', 'Enable the endpoint first.'),
  endpointPaused: () => conflict('endpoint_paused', 'The endpoint is paused', 'Resume the endpoint first.'),
  alreadyFinished: (what: string) =>
    conflict('already_finished', 'Already finished', `This ${what} has already finished.`),
  resendLimitReached: (limit: number) =>
    conflict(
      'resend_limit_reached',
      'Too many resends',
      `An event may be resent ${limit} times. A recovery of the endpoint can deliver it again.`,
    ),
  nothingToResend: () =>
    conflict(
      'nothing_to_resend',
      'No endpoint to resend to',
      'No enabled endpoint subscribes to this event type. Enable one, change its `event_types`, or name one as `webhook_id`.',
    ),
  bodyTooLarge: (detail: string) => new Problem(413, 'payload_too_large', 'The payload is too large', detail),
  notHttp: () => new Problem(400, 'bad_request', 'Bad Request', 'This is not an HTTP request.'),
  /** @param seconds how long a request may take to arrive */
  requestTimeout: (seconds: number) =>
    new Problem(408, 'request_timeout', 'Request Timeout', `The request did not arrive within ${seconds} s.`),
  headersTooLarge: () =>
    new Problem(
      431,
      'headers_too_large',
      'Request Header Fields Too Large',
      'The headers of a request may have at most 16 KB.',
    ),
  unsupportedMediaType: () =>
    new Problem(
      415,
      'unsupported_media_type',
      'Not application/json',
      'Send the body with "Content-Type: application/json", in UTF-8 and without a content encoding.',
    ),
  validationFailed: (errors: readonly FieldError[]) =>
    invalid(422, 'validation_failed', 'The request is not valid', errors),
  /** @param seconds when to try again */
  tooManyRequests: (seconds: number) =>
    new Problem(429, 'too_many_requests', 'Too many requests', `Try again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    }),
  /** @param seconds when to try again */
  tooManyLists: (seconds: number) =>
    new Problem(
      429,
      'too_many_requests',
      'Too many concurrent lists',
      `This key has too many lists in progress. Try again in ${seconds} s.`,
      { headers: { 'Retry-After': String(seconds) } },
    ),
  /** @param most streams that a key may have */
  tooManyStreams: (most: number) =>
    new Problem(
      429,
      'too_many_requests',
      'Too many concurrent streams',
      `This key has ${most} streams, and may have no more. End one first.`,
      { headers: { 'Retry-After': '1' } },
    ),
  noMoreStreams: () =>
    new Problem(
      503,
      'overloaded',
      'Overloaded',
      'This process has as many streams as it may have. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  tooMuchUnderWay: () =>
    new Problem(
      429,
      'too_many_requests',
      'Too many concurrent requests',
      'This key has too many or too large requests in progress. Wait until some are answered.',
      { headers: { 'Retry-After': '1' } },
    ),
  /** @param submission the ids to repeat the request with: the event's, or those of a batch in its order */
  temporalUnavailable: (
    submission?: { readonly event_id: string } | { readonly event_ids: readonly string[] },
  ) =>
    new Problem(
      503,
      'temporal_unavailable',
      'Temporal cannot be reached',
      submission === undefined
        ? 'Try again in a moment.'
        : `Repeat the request with ${'event_id' in submission ? `the id "${submission.event_id}"` : 'these ids'}: ` +
            'this is safe, whether or not this one went through.',
      { headers: RETRY_AFTER, ...(submission === undefined ? {} : { members: submission }) },
    ),
  /** Temporal answers, but accepts no more messages for one workflow. */
  tooManyMessages: () =>
    new Problem(
      503,
      'temporal_unavailable',
      'Too many messages for this event',
      'The event’s workflow has too many unread messages. Try again in a moment. The delivery goes on by its schedule.',
      { headers: RETRY_AFTER },
    ),
  /** @param why `read_only`: PostgreSQL answers, but accepts no changes */
  databaseUnavailable: (why: 'away' | 'read_only') =>
    new Problem(
      503,
      'database_unavailable',
      why === 'away' ? 'PostgreSQL cannot be reached' : 'PostgreSQL is read-only',
      why === 'away'
        ? 'Try again in a moment.'
        : 'Nothing can be changed now. Events are still accepted, and delivered later. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  overloaded: () =>
    new Problem(
      503,
      'overloaded',
      'Overloaded',
      'All connections to PostgreSQL are in use, or it is too busy. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  beingOpened: () =>
    new Problem(
      503,
      'being_opened',
      'The event is still being recorded',
      'A worker has not recorded the event, or its batch has not handed it on. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  tookTooLong: () =>
    new Problem(
      503,
      'took_too_long',
      'PostgreSQL took too long',
      'Ask for less: a shorter time window, or a filter that matches more events.',
      { headers: RETRY_AFTER },
    ),
  /** @param checks for each part what is wrong with it, or `ok` */
  notReady: (checks: Readonly<Record<string, string>>) =>
    new Problem(503, 'not_ready', 'Not ready', 'Posthorn cannot work now: `checks` says why.', {
      headers: RETRY_AFTER,
      members: { checks },
    }),
  /** @param seconds when to try again */
  busy: (seconds = 2) =>
    new Problem(
      503,
      'busy',
      'Too busy to check this',
      "The event type's schema cannot be checked right now: the queue is full, or this schema timed out recently. Try again later.",
      { headers: { 'Retry-After': String(seconds) } },
    ),
  encryptionKeyMissing: () =>
    new Problem(
      503,
      'encryption_key_missing',
      'An encryption key is missing',
      'The endpoint’s secret is encrypted with a key that this process does not have. Tell the operator.',
      { headers: RETRY_AFTER },
    ),
  internalError: () =>
    new Problem(
      500,
      'internal_error',
      'Internal error',
      'Posthorn has a fault. Tell the operator the request_id: Posthorn’s log has the details under it.',
    ),
};
