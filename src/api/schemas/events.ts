import { z } from 'zod';
import type { Profile } from '../../profiles/profile.js';
import type { AppEventTypes } from '../app-event-types.js';
import { eventTypeProblem } from './event-types.js';
import { refusedBy } from './fields.js';

/** Events and what is done with them. */

export function newEventBody(profile: Profile, appEventTypes: AppEventTypes) {
  return z
    .strictObject({
      event_type: refusedBy((type) => eventTypeProblem(profile, appEventTypes, type)),
      data: z.custom<unknown>((value) => value !== undefined, 'is missing'),
      id: z.string().regex(profile.eventId.pattern, `must be ${profile.eventId.form}`).optional(),
      attributes: profile.attributes.prefault({}),
    })
    .superRefine(({ event_type, data }, context) => {
      for (const { path, detail } of appEventTypes.problemsWith(event_type, data)) {
        context.addIssue({ code: 'custom', path: ['data', ...path], message: detail });
      }
    });
}

export const resendBody = z.strictObject({ webhook_id: z.uuid().toLowerCase().optional() });
