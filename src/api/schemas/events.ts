import { z } from 'zod';
import type { Profile } from '../../profiles/profile.js';
import { eventTypeText } from './event-types.js';

/** Events and what is done with them. */

/** An event's form; `checkEvent` looks at what may change from one submission of an event to the next. */
export function newEventBody(profile: Profile) {
  return z.strictObject({
    event_type: eventTypeText,
    data: z.custom<unknown>((value) => value !== undefined, 'is missing'),
    id: z.string().regex(profile.eventId.pattern, `must be ${profile.eventId.form}`).optional(),
    attributes: profile.attributes.prefault({}),
  });
}

export const resendBody = z.strictObject({ webhook_id: z.uuid().toLowerCase().optional() });
