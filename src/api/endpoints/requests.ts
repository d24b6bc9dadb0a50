import { z } from 'zod';
import type { AddressGuard } from '../../delivery/address-guard.js';
import { secretProblem } from '../../profiles/signing/secret.js';
import type { Profile } from '../../profiles/profile.js';
import type { AppEventTypes } from '../event-types/app-event-types.js';
import { patternProblem } from '../event-types/requests.js';
import {
  allChangeable,
  allOptional,
  jsonObject,
  line,
  optional,
  refusedBy,
  withDefault,
} from '../http/request-fields.js';
import { scheduleChoice } from './schedule-requests.js';

/** Endpoints: `webhook` in Scute's API, a subscription in ScendCore's. */

const MAX_METADATA_CHARACTERS = 16_384;
const MAX_PATTERNS = 200;
const MAX_HEADERS = 20;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]{0,2048}$/;
/** A rotation's grace time: a week at most, a day by default. */
const MAX_GRACE_SECONDS = 604_800;
const DEFAULT_GRACE_SECONDS = 86_400;
/** Headers of the connection and of the body, which are not the endpoint's to set. */
const RESERVED_HEADER =
  /^(host|content-.*|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|x-posthorn-.*)$/;

/** A secret that the caller brings. */
const signingSecret = (profile: Profile) => refusedBy((secret) => secretProblem(profile.secretKind, secret));

/** Not a record: that would drop a header called __proto__ without a word. */
const customHeaders = (profile: Profile) =>
  jsonObject
    .superRefine((headers, context) => {
      // Counted before they are looked at.
      if (Object.keys(headers).length > MAX_HEADERS) {
        context.addIssue({ code: 'custom', message: `must have at most ${MAX_HEADERS} headers` });
        return;
      }
      for (const { name, problem } of headerProblems(profile, headers)) {
        context.addIssue({ code: 'custom', message: problem, path: [name] });
      }
    })
    .describe('Sent with every attempt. Values are printable ASCII.') as z.ZodType<Record<string, string>>;

/** The members of `webhook`. */
function webhookFields(profile: Profile, guard: AddressGuard, appEventTypes: AppEventTypes) {
  return {
    url: refusedBy((url) => guard.problemWithUrl(url)).describe(
      'Where events are sent by POST: `https://`, to a public address.',
    ),
    event_types: z
      .array(refusedBy((pattern) => patternProblem(profile, appEventTypes, pattern)))
      .min(1, 'must name at least one event type, or "*" for all')
      .max(MAX_PATTERNS)
      .describe('Exact types, `*`, `prefix.*`, and `*` as one whole segment. All events if not given.'),
    retry_limit: z
      .number()
      .int()
      .min(0)
      .max(10)
      .describe('Maximum number of retries. null: as many as the schedule has.'),
    schedule: scheduleChoice.describe(
      "The name of a documented schedule, or delays in seconds. null: the application's, else the profile's.",
    ),
    description: line(1_000, 0),
    metadata: jsonObject.refine(
      (value) => JSON.stringify(value).length <= MAX_METADATA_CHARACTERS,
      `must have at most ${MAX_METADATA_CHARACTERS} characters as JSON`,
    ),
    enabled: z.boolean(),
    rate_limit: z.number().min(0.1).max(10_000).describe('Maximum attempts per second. null: no limit.'),
    max_in_flight: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .describe('Maximum attempts at the same time. null: no limit.'),
    headers: customHeaders(profile),
    secret: signingSecret(profile).describe('The signing secret. Generated if not given.'),
  };
}

export function newWebhookBody(profile: Profile, guard: AddressGuard, appEventTypes: AppEventTypes) {
  const { url, ...rest } = webhookFields(profile, guard, appEventTypes);
  return z.strictObject({ webhook: z.strictObject({ url, ...allOptional(rest) }) });
}

export function webhookChangesBody(profile: Profile, guard: AddressGuard, appEventTypes: AppEventTypes) {
  const { url, ...rest } = webhookFields(profile, guard, appEventTypes);
  return z.strictObject({ webhook: z.strictObject({ url: url.optional(), ...allChangeable(rest) }) });
}

/** A target that no endpoint has to have. What is wrong with its URL is an answer, not an error. */
export function checkBody(profile: Profile) {
  return z.strictObject({
    url: z.string().max(10_000),
    headers: optional(customHeaders(profile)),
    secret: optional(signingSecret(profile)),
    send: withDefault(z.boolean().describe("Whether to send the profile's test event."), false),
  });
}

/** ScendCore's subscription (file 002). */
export function subscribeBody(profile: Profile, guard: AddressGuard, appEventTypes: AppEventTypes) {
  const { url, event_types: events, secret } = webhookFields(profile, guard, appEventTypes);
  return z.strictObject({ url, events, secret: optional(secret) });
}

/** A rotation of the signing secret; without `secret` one is generated. */
export function rotationBody(profile: Profile) {
  return z.strictObject({
    secret: optional(signingSecret(profile)),
    grace_seconds: withDefault(
      z
        .number()
        .int()
        .min(0)
        .max(MAX_GRACE_SECONDS)
        .describe('How long the old secret goes on signing, in seconds.'),
      DEFAULT_GRACE_SECONDS,
    ),
  });
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
