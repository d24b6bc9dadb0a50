import { z } from 'zod';
import type { Profile } from '../../profiles/profile.js';
import { eventTypeText } from '../event-types/requests.js';
import { optional, timeText } from '../http/request-fields.js';

/** The bodies of requests about events. */

/** A day is kept as long as a delivery of it is open, so no delivery may wait for ever. */
const LONGEST_DELAY_MS = 28 * 86_400_000;

/** An event's form; `problemsWithEvent` looks at what may change from one submission of an event to the next. */
export const newEventBody = ofProfile((profile) =>
  z
    .strictObject({
      event_type: eventTypeText,
      data: z
        .custom<unknown>((value) => value !== undefined, 'is missing')
        .describe('Any JSON. A number that a double cannot hold is refused.'),
      id: optional(idOf(profile)),
      attributes: attributesOf(profile),
      deliver_at: optional(timeText.describe('No attempt begins before this time. At most 28 days ahead.')),
      expires_at: optional(timeText.describe('No attempt begins after this time.')),
    })
    .superRefine(({ deliver_at, expires_at }, context) => {
      if (deliver_at && deliver_at.getTime() > Date.now() + LONGEST_DELAY_MS) {
        context.addIssue({ code: 'custom', path: ['deliver_at'], message: 'must be at most 28 days ahead' });
      }
      if (deliver_at && expires_at && expires_at <= deliver_at) {
        context.addIssue({ code: 'custom', path: ['expires_at'], message: 'must be after deliver_at' });
      }
    }),
);

/** The id in its canonical spelling, so that all spellings name one event. */
function idOf({ eventId }: Profile) {
  return z
    .string()
    .regex(eventId.pattern, `must be ${eventId.form}`)
    .describe('Makes the request safe to repeat. Generated if not given.')
    .transform(eventId.canonical ?? ((id) => id));
}

/** Attributes that are left out or null count as `{}`; the profile may then report what is missing. */
function attributesOf({ attributes }: Profile) {
  return attributes.nullish().transform((given, context) => {
    if (given !== null && given !== undefined) return given;
    const none = attributes.safeParse({});
    if (none.success) return none.data;
    for (const { path, message } of none.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
}

/** Maximum events of a batch. */
const MOST_EVENTS = 1_000;

/** A batch's form. */
export const newBatchBody = ofProfile((profile) =>
  z
    .strictObject({ events: z.array(newEventBody(profile)).min(1).max(MOST_EVENTS) })
    .superRefine(({ events }, context) => {
      const seen = new Set<string>();
      for (const [index, { id }] of events.entries()) {
        if (id === undefined) continue;
        if (seen.has(id)) {
          const path = ['events', index, 'id'];
          context.addIssue({ code: 'custom', path, message: 'is the id of another event in this batch' });
        }
        seen.add(id);
      }
    }),
);

/** Made once for each profile: a schema takes longer to make than to apply. */
function ofProfile<Schema>(make: (profile: Profile) => Schema): (profile: Profile) => Schema {
  const made = new Map<string, Schema>();
  return (profile) => {
    const schema = made.get(profile.id) ?? make(profile);
    made.set(profile.id, schema);
    return schema;
  };
}

export const resendBody = z.strictObject({ webhook_id: optional(z.uuid().toLowerCase()) });
