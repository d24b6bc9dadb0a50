import { IDS_OUTLIVE_EVENTS } from '../../store/retention/retention.js';
import { describe, MAX_FIELD_ERRORS, Problem, type FieldError, type FieldPlace } from './problem-form.js';

/** RFC 9457 problems: every error that the API answers with, by name, in one place. */

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

/** @param found of these the first are told, and that there are more */
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
      'Send a known key as "Authorization: Bearer <key>". It may have been revoked.',
      { headers: { 'WWW-Authenticate': 'Bearer' } },
    ),
  adminOnly: () =>
    new Problem(403, 'admin_only', 'Administration only', 'This route takes the administration key.'),
  applicationKeyOnly: () =>
    new Problem(
      403,
      'application_key_only',
      'For applications only',
      'This route takes an application’s key, which says whose endpoints are meant.',
    ),
  missingScope: (scopes: readonly string[]) =>
    new Problem(403, 'missing_scope', 'A scope is missing', `This key lacks ${scopes.join(' or ')}.`),
  wrongProfile: (profile: string) =>
    new Problem(
      403,
      'wrong_profile',
      'Not this application’s profile',
      `This route is for keys of applications with the profile ${profile}.`,
    ),
  notFound: () => new Problem(404, 'not_found', 'Not found', 'There is nothing here by this name.'),
  methodNotAllowed: (allowed: readonly string[]) =>
    new Problem(405, 'method_not_allowed', 'Method not allowed', `Allowed: ${allowed.join(', ')}.`, {
      headers: { Allow: allowed.join(', ') },
    }),
  /**
   * @param where what named the event: its id, or the header that the id was derived from
   * @param detail when the other one was accepted
   */
  eventConflict: (
    where: FieldPlace,
    detail = 'An event with this id and other content was accepted before.',
  ) =>
    conflict('event_conflict', 'The event id was used before', detail, {
      errors: [{ ...where, detail: 'belongs to an event with other content' }],
    }),
  /**
   * @param where what named the event
   * @param day when it was accepted
   * @param retentionDays how long the log keeps an event
   */
  eventDropped: (where: FieldPlace, day: string, retentionDays: number) =>
    conflict(
      'event_dropped',
      'The event was accepted long ago',
      `An event with this id was accepted on ${day}, and is not delivered again. The log keeps events for ` +
        `${retentionDays} days, and remembers their ids for ${IDS_OUTLIVE_EVENTS * retentionDays}.`,
      { errors: [{ ...where, detail: 'belongs to an event that the log does not keep any more' }] },
    ),
  /** @param parameter the header that holds the key */
  idempotencyConflict: (parameter: string) =>
    conflict(
      'idempotency_conflict',
      'The idempotency key was used before',
      'A request with this key and another body was answered here before. Send another request with another key.',
      { errors: [{ parameter, detail: 'was used for a request with another body' }] },
    ),
  /** @param parameter the header that holds the key */
  idempotencyUnderWay: (parameter: string) =>
    conflict(
      'idempotency_conflict',
      'The first request is under way',
      'The first request with this key has not been answered yet. Repeat this one in a moment.',
      {
        errors: [{ parameter, detail: 'belongs to a request that is under way' }],
        headers: RETRY_AFTER,
      },
    ),
  subscriptionLimitReached: (limit: number) =>
    conflict(
      'subscription_limit_reached',
      'Too many active subscriptions',
      `An application with this profile may have at most ${limit} active endpoints.`,
    ),
  endpointLimitReached: (limit: number) =>
    conflict(
      'endpoint_limit_reached',
      'Too many endpoints',
      `An application may have at most ${limit} endpoints.`,
    ),
  eventTypeExists: (name: string) =>
    conflict(
      'event_type_exists',
      'The event type exists',
      `The application, or its profile's catalogue, has an event type "${name}".`,
      { errors: [{ pointer: '/name', detail: 'is the name of an event type that exists' }] },
    ),
  eventTypeInCatalogue: (name: string) =>
    conflict(
      'event_type_in_catalogue',
      'The event type is not the application’s own',
      `"${name}" belongs to the profile's catalogue, and stays.`,
    ),
  /** @param limit what an application may have at most */
  eventTypeLimitReached: (limit: string) =>
    conflict('event_type_limit_reached', 'Too many event types', `An application may have at most ${limit}.`),
  endpointDisabled: () =>
    conflict('endpoint_disabled', 'The endpoint is disabled', 'Enable the endpoint first.'),
  endpointPaused: () => conflict('endpoint_paused', 'The endpoint is paused', 'Resume the endpoint first.'),
  alreadyFinished: (what: string) =>
    conflict('already_finished', 'It has finished', `This ${what} has finished: nothing is left to do.`),
  resendLimitReached: (limit: number) =>
    conflict(
      'resend_limit_reached',
      'Too many resends',
      `An event may be resent ${limit} times. A recovery of the endpoint delivers it anew, too.`,
    ),
  nothingToResend: () =>
    conflict(
      'nothing_to_resend',
      'No endpoint takes it',
      'No enabled endpoint subscribes to this type of event. Name one as `webhook_id`, enable one, or change its `event_types`.',
    ),
  bodyTooLarge: (detail: string) => new Problem(413, 'payload_too_large', 'The payload is too large', detail),
  notHttp: () => new Problem(400, 'bad_request', 'Bad Request', 'This is no HTTP request.'),
  /** @param seconds how long a whole request may take to come */
  requestTimeout: (seconds: number) =>
    new Problem(408, 'request_timeout', 'Request Timeout', `No whole request came within ${seconds} s.`),
  headersTooLarge: () =>
    new Problem(
      431,
      'headers_too_large',
      'Request Header Fields Too Large',
      'The headers of a request may have 16 KB.',
    ),
  unsupportedMediaType: () =>
    new Problem(
      415,
      'unsupported_media_type',
      'Not application/json',
      'Send the body as "Content-Type: application/json" in UTF-8, without a content encoding.',
    ),
  validationFailed: (errors: readonly FieldError[]) =>
    invalid(422, 'validation_failed', 'The request is not valid', errors),
  /** @param seconds when to come again */
  tooManyRequests: (seconds: number) =>
    new Problem(429, 'too_many_requests', 'Too many requests', `Try again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    }),
  /** @param seconds when to come again */
  tooManyLists: (seconds: number) =>
    new Problem(
      429,
      'too_many_requests',
      'Too many lists at once',
      `This key has as many lists under way as it may have. Try again in ${seconds} s.`,
      { headers: { 'Retry-After': String(seconds) } },
    ),
  tooMuchUnderWay: () =>
    new Problem(
      429,
      'too_many_requests',
      'Too much under way',
      'This key has too many requests, or too large ones, under way: wait for some of their answers.',
      { headers: { 'Retry-After': '1' } },
    ),
  /** @param submission the event's id, or those of a batch's events in their order: to be repeated with */
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
            'that is safe, whether or not this one went through.',
      { headers: RETRY_AFTER, ...(submission === undefined ? {} : { members: submission }) },
    ),
  /** Temporal is there, and takes no further message for one workflow. */
  tooManyMessages: () =>
    new Problem(
      503,
      'temporal_unavailable',
      'Temporal takes no message for this event now',
      'Its workflow has had too many, and takes them again when it has gone through these. Until then the delivery ' +
        'goes on by its schedule.',
      { headers: RETRY_AFTER },
    ),
  /** @param why `read_only`: it is reached, and takes no changes */
  databaseUnavailable: (why: 'away' | 'read_only') =>
    new Problem(
      503,
      'database_unavailable',
      why === 'away' ? 'PostgreSQL cannot be reached' : 'PostgreSQL is read-only',
      why === 'away'
        ? 'Try again in a moment.'
        : 'Nothing can be changed now; events are accepted, and delivered later. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  overloaded: () =>
    new Problem(
      503,
      'overloaded',
      'Too much at once',
      'All connections to PostgreSQL are busy, or it has too much to do. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  beingOpened: () =>
    new Problem(
      503,
      'being_opened',
      'The event is being opened',
      'The batch of this event has not carried it on yet. Try again in a moment.',
      { headers: RETRY_AFTER },
    ),
  tookTooLong: () =>
    new Problem(
      503,
      'took_too_long',
      'It took PostgreSQL too long',
      'Ask for less at once: a shorter time, or a filter that more events meet.',
      { headers: RETRY_AFTER },
    ),
  /** @param checks of each part what is wrong with it, or `ok` */
  notReady: (checks: Readonly<Record<string, string>>) =>
    new Problem(503, 'not_ready', 'Not ready', 'Something that Posthorn needs is missing: see `checks`.', {
      headers: RETRY_AFTER,
      members: { checks },
    }),
  /** @param seconds when to come again */
  busy: (seconds = 2) =>
    new Problem(
      503,
      'busy',
      'Too busy to check this now',
      'Too much waits to be checked, or what this needs checked took too long a moment ago.',
      { headers: { 'Retry-After': String(seconds) } },
    ),
  encryptionKeyMissing: () =>
    new Problem(
      503,
      'encryption_key_missing',
      'An encryption key is missing',
      'The endpoint’s secret was sealed with a key that this process does not have: tell who runs it.',
      { headers: RETRY_AFTER },
    ),
  internalError: () =>
    new Problem(
      500,
      'internal_error',
      'Something went wrong here',
      'What Posthorn prints has the details under the request_id.',
    ),
};
