import type { HealthRule } from '../domain/health-rule.js';
import { z } from 'zod';
import type { SecretKind } from './signing/secret.js';
import { truncate, type Schedule } from '../domain/schedule.js';

/**
 * A profile is one documented webhook system, seen from the sender's side, as one immutable value. Adding one
 * means adding one file beside this one, which exports it as `profile`; `index.ts` finds it there.
 */
export interface Profile {
  /** How the API, the database and the workflows call it. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** What documents it: seed files by their names, or a published specification. */
  readonly sources: readonly string[];
  /** The whole exchange of one attempt, in milliseconds. */
  readonly timeLimitMs: number;
  /** An attempt that took longer is marked slow, in milliseconds; null where the document asks for no speed. */
  readonly slowAfterMs: number | null;
  /** The documented schedule with as many retries as it ever has. */
  readonly schedule: Schedule;
  /** Retries of an endpoint that sets no `retry_limit` of its own. */
  readonly defaultRetryLimit: number;
  /** Whether an answer outside 2xx ends the delivery. */
  readonly isFinalAnswer: (statusCode: number) => boolean;
  /** How many endpoints of an application may be active at the same time; null for any number. */
  readonly activeEndpointLimit: number | null;
  /** When failures disable an endpoint, unless the application says otherwise. */
  readonly health: HealthRule;
  readonly secretKind: SecretKind;
  readonly eventId: EventIdForm;
  /** `null`: every well-formed event type is accepted. */
  readonly catalogue: readonly CatalogueEntry[] | null;
  /** What the envelope needs of an event beyond type and data; missing, it is an error at submission. */
  readonly attributes: z.ZodType<Readonly<Record<string, unknown>>>;
  readonly testEvent: TestEvent;
  /** The attributes of Posthorn's own events (`endpoint.disabled`, …) in this system's form. */
  readonly operationalAttributes: Readonly<Record<string, unknown>>;
  /** The exact JSON body, as a value whose keys stand in the documented order. */
  readonly envelope: (event: EventContent) => Readonly<Record<string, unknown>>;
  /**
   * The event's data, taken out of a body that `envelope` made: the body is all that is kept of them. What the API shows,
   * and what a resend is matched by, comes from here.
   */
  readonly dataOf: (body: Readonly<Record<string, unknown>>) => unknown;
  /** The headers that this system documents; never `Content-Type` or `Host`. */
  readonly headers: (attempt: SignedAttempt) => Readonly<Record<string, string>>;
  /** Lower-case names of every header that `headers` may give: endpoints cannot set these themselves. */
  readonly ownHeaders: readonly string[];
}

export interface EventIdForm {
  readonly pattern: RegExp;
  /** What `pattern` asks for, in words for an error. */
  readonly form: string;
  /** An id in this form from 24 or more bytes, random or a hash. */
  readonly fromBytes: (bytes: Buffer) => string;
  /** The one spelling of an id that may be spelt in several ways; without it, every spelling is another id. */
  readonly canonical?: (id: string) => string;
}

export interface CatalogueEntry {
  readonly name: string;
  /** When it fires. */
  readonly description: string;
  /** The document's own shape of `data`. */
  readonly example: Readonly<Record<string, unknown>>;
}

export interface TestEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Marked by the header `X-Posthorn-Test: true`, where the type alone does not say that it is a test. */
  readonly marked: boolean;
}

/** What an envelope is made of. */
export interface EventContent {
  readonly id: string;
  readonly type: string;
  readonly appId: string;
  /** The time of acceptance. */
  readonly acceptedAt: Date;
  readonly data: unknown;
  /** As the profile's `attributes` give them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The application's `settings.environment_id`. */
  readonly environmentId: string;
}

/** What headers and signature are made of. */
export interface SignedAttempt {
  readonly eventId: string;
  readonly appName: string;
  /** Unix time of this attempt, in seconds. */
  readonly timestamp: number;
  /** The raw bytes that are sent. */
  readonly body: Buffer;
  /**
   * The signing secrets in force, oldest first: several while a rotation's grace lasts. A system whose receivers
   * read one signature gets the first. Empty for an endpoint without one.
   */
  readonly secrets: readonly string[];
}

/** The schedule of an endpoint that chooses nothing, on an application that chooses nothing. */
export function defaultSchedule({ schedule, defaultRetryLimit }: Profile): Schedule {
  return truncate(schedule, defaultRetryLimit);
}

/** Whether the profile's document names this event type; false for every type where there is no catalogue. */
export function inCatalogue({ catalogue }: Profile, name: string): boolean {
  return catalogue?.some((entry) => entry.name === name) ?? false;
}

/** For profiles whose body has the event's data as its member `data`. */
export const underData: Profile['dataOf'] = ({ data }) => data;

/** For profiles whose envelope needs nothing more. */
export const noAttributes = z.strictObject({});

/** Scalekit's event ids. */
export const evtIds: EventIdForm = {
  pattern: /^evt_[A-Za-z0-9_-]{1,60}$/,
  form: '"evt_" and 1 to 60 of the characters A-Z, a-z, 0-9, _ and -',
  fromBytes: (bytes) => `evt_${bytes.subarray(0, 21).toString('base64url')}`,
};

/** ISO 8601 in UTC and whole seconds, as the documents write it: `2026-04-16T12:00:00Z`. */
export function inWholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
