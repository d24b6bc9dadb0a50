import { z } from 'zod';
import type { AddressGuard } from '../delivery/address-guard.js';
import { secretProblem } from '../delivery/secret.js';
import { EVENT_TYPE_MAX_LENGTH, isEventType, isEventTypePattern } from '../profiles/event-type.js';
import { DEFAULT_PROFILE_ID, profileIds } from '../profiles/index.js';
import type { Profile } from '../profiles/profile.js';
import { SCOPES } from '../store/api-keys.js';

/** What the API takes: the schemas that validate requests, and their words for what is wrong. */

// What PostgreSQL and HTTP headers cannot hold, and what nobody means to send.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** A line of text for people. */
const line = (maximum: number, minimum = 1) =>
  z
    .string()
    .trim()
    .min(minimum)
    .max(maximum)
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters or broken Unicode');

/** Text that `problemOf` finds nothing wrong with; what it finds is the error. */
const refusedBy = (problemOf: (text: string) => string | null) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** Any JSON object, kept as it is. */
const jsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const settings = z.strictObject({
  environment_id: z
    .string()
    .regex(/^env_[A-Za-z0-9_-]{1,60}$/, 'must be "env_" and 1 to 60 of A-Z, a-z, 0-9, _ and -')
    .optional(),
});

export const newAppBody = z.strictObject({
  name: line(200),
  profile: z.enum(profileIds).default(DEFAULT_PROFILE_ID),
  settings: settings.default({}),
});

export const appChangesBody = z.strictObject({ name: line(200).optional(), settings: settings.optional() });

export const newKeyBody = z.strictObject({
  name: line(200).optional(),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .default([...SCOPES]),
});

const MAX_METADATA_CHARACTERS = 16_384;
const MAX_PATTERNS = 200;
const MAX_HEADERS = 20;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]{0,2048}$/;
/** Headers of the connection and of the body, which are not the endpoint's to set. */
const RESERVED_HEADER =
  /^(host|content-.*|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|x-posthorn-.*)$/;

/** The members of `webhook`, all optional: a PATCH. */
function webhookFields(profile: Profile, guard: AddressGuard) {
  return {
    url: refusedBy((url) => guard.problemWithUrl(url)),
    event_types: z
      .array(refusedBy((pattern) => patternProblem(profile, pattern)))
      .min(1, 'must name at least one event type, or "*" for all')
      .max(MAX_PATTERNS),
    retry_limit: z.number().int().min(0).max(10),
    description: line(1_000, 0).nullable(),
    metadata: jsonObject.refine(
      (value) => JSON.stringify(value).length <= MAX_METADATA_CHARACTERS,
      `must have at most ${MAX_METADATA_CHARACTERS} characters as JSON`,
    ),
    enabled: z.boolean(),
    // Not a record: that would drop a header called __proto__ without a word.
    headers: jsonObject.superRefine((headers, context) => {
      for (const { name, problem } of headerProblems(profile, headers)) {
        context.addIssue({ code: 'custom', message: problem, path: [name] });
      }
      if (Object.keys(headers).length > MAX_HEADERS) {
        context.addIssue({ code: 'custom', message: `must have at most ${MAX_HEADERS} headers` });
      }
    }) as z.ZodType<Record<string, string>>,
    secret: refusedBy((secret) => secretProblem(profile.secretKind, secret)),
  };
}

export function newWebhookBody(profile: Profile, guard: AddressGuard) {
  const { url, ...rest } = webhookFields(profile, guard);
  return z.strictObject({ webhook: z.strictObject({ url, ...z.object(rest).partial().shape }) });
}

export function webhookChangesBody(profile: Profile, guard: AddressGuard) {
  return z.strictObject({ webhook: z.strictObject(webhookFields(profile, guard)).partial() });
}

export function newEventBody(profile: Profile) {
  return z.strictObject({
    event_type: refusedBy((type) => eventTypeProblem(profile, type)),
    data: z.custom<unknown>((value) => value !== undefined, 'is missing'),
    id: z.string().regex(profile.eventId.pattern, `must be ${profile.eventId.form}`).optional(),
    attributes: profile.attributes.prefault({}),
  });
}

/** ScendCore's subscription (file 002). */
export function subscribeBody(profile: Profile, guard: AddressGuard) {
  const { url, event_types: events, secret } = webhookFields(profile, guard);
  return z.strictObject({ url, events, secret: secret.optional() });
}

export const resendBody = z.strictObject({ webhook_id: z.uuid().toLowerCase().optional() });

/** An event type as a query parameter. */
export const eventTypeParameter = z.string().refine(isEventType, 'must be an event type');

/** A point in time as a query parameter. */
export const timeParameter = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time like 2026-04-16T12:00:00Z' })
  .transform((text) => new Date(text));

/** Why an event of this type cannot be submitted; null if it can. */
function eventTypeProblem(profile: Profile, type: string): string | null {
  if (!isEventType(type)) {
    return `must be segments of A-Z, a-z, 0-9 and _ separated by dots, at most ${EVENT_TYPE_MAX_LENGTH} characters`;
  }
  const known = profile.catalogue === null || profile.catalogue.some(({ name }) => name === type);
  return known ? null : `is not an event type of the profile ${profile.id}`;
}

/** A pattern need not match anything yet; a type without `*` must be one that can be submitted. */
function patternProblem(profile: Profile, pattern: string): string | null {
  if (!pattern.includes('*')) return eventTypeProblem(profile, pattern);
  return isEventTypePattern(pattern)
    ? null
    : 'must be an event type, "*", or segments of which any may be "*"';
}

function headerProblems(
  profile: Profile,
  headers: Readonly<Record<string, unknown>>,
): { name: string; problem: string }[] {
  const seen = new Set<string>();
  return Object.entries(headers).flatMap(([name, value]) => {
    const lowerCase = name.toLowerCase();
    const twice = seen.has(lowerCase);
    seen.add(lowerCase);
    if (!HEADER_NAME.test(name) || name === '__proto__') return [{ name, problem: 'is not a header name' }];
    if (RESERVED_HEADER.test(lowerCase) || profile.ownHeaders.includes(lowerCase)) {
      return [{ name, problem: 'is set by Posthorn itself' }];
    }
    if (twice) return [{ name, problem: 'is given twice' }];
    return typeof value === 'string' && HEADER_VALUE.test(value)
      ? []
      : [{ name, problem: 'must be printable ASCII, at most 2048 characters' }];
  });
}
