import { z } from 'zod';
import { isOperational } from '../../domain/operational-events.js';
import { EVENT_TYPE_MAX_LENGTH, isEventType, isEventTypePattern } from '../../domain/event-type.js';
import { inCatalogue, type Profile } from '../../profiles/profile.js';
import type { AppEventTypes } from './app-event-types.js';
import { jsonObject, line, optional, refusedBy } from '../http/request-fields.js';

/** Event types: an application's own, and the names and patterns that events and endpoints bring. */

const MAX_SCHEMA_CHARACTERS = 65_536;
/** Maximum body with a schema, in bytes: three bytes per character, and the rest of the body. */
export const MAX_EVENT_TYPE_BYTES = 262_144;
const FORM = `must be segments of A-Z, a-z, 0-9 and _ separated by dots, at most ${EVENT_TYPE_MAX_LENGTH} characters`;

/** An event's type. Whether there is such a type is looked at later: of an event that is repeated, it does not matter. */
export const eventTypeText = refusedBy((type) => (isEventType(type) ? null : FORM)).meta({
  override: { pattern: '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$', maxLength: EVENT_TYPE_MAX_LENGTH },
});

export const newEventTypeBody = z.strictObject({
  name: eventTypeText.refine((name) => !isOperational(name), "is reserved for Posthorn's own events"),
  description: optional(line(1_000, 0)),
  schema: optional(
    jsonObject.refine(
      (schema) => JSON.stringify(schema).length <= MAX_SCHEMA_CHARACTERS,
      `must have at most ${MAX_SCHEMA_CHARACTERS} characters as JSON`,
    ),
  ),
});

/** An event type as a query parameter. */
export const eventTypeParameter = z.string().refine(isEventType, 'must be an event type');

/** Why an event of this type cannot be submitted; null if it can. */
export function eventTypeProblem(
  profile: Profile,
  appEventTypes: AppEventTypes,
  type: string,
): string | null {
  if (!isEventType(type)) return FORM;
  if (isOperational(type)) return "is reserved for Posthorn's own events";
  const known = profile.catalogue === null || inCatalogue(profile, type) || appEventTypes.has(type);
  return known ? null : `is not an event type of the profile ${profile.id} or of the application`;
}

/** A pattern need not match anything yet; a type without `*` must be one that can be submitted. */
export function patternProblem(
  profile: Profile,
  appEventTypes: AppEventTypes,
  pattern: string,
): string | null {
  if (isOperational(pattern)) return null;
  if (!pattern.includes('*')) return eventTypeProblem(profile, appEventTypes, pattern);
  return isEventTypePattern(pattern)
    ? null
    : 'must be an event type, "*", or a pattern with "*" as a whole segment';
}
