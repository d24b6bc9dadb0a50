import { z } from 'zod';
import { DEFAULT_PROFILE_ID, profileIds } from '../../profiles/index.js';
import { SCOPES } from '../../store/apps/api-keys.js';
import { allChangeable, allOptional, line, optional, withDefault } from '../http/request-fields.js';
import { scheduleChoice } from '../endpoints/schedule-requests.js';

/** Applications and their keys. */

/** A day is kept for as long as a delivery of it is open: none waits for ever. */
const MAX_HOLD_HOURS = 24 * 28;

const settings = {
  environment_id: z
    .string()
    .regex(
      /^env_[A-Za-z0-9_-]{1,60}$/,
      'must be "env_" followed by 1 to 60 characters of A-Z, a-z, 0-9, _ and -',
    ),
  schedule: scheduleChoice,
  disable_after_failures: z.number().int().min(0).max(1_000_000),
  disable_after_hours: z.number().min(0).max(8_760),
  hold_hours: z
    .number()
    .positive()
    .max(MAX_HOLD_HOURS)
    .describe('Hours that a held delivery waits before it fails as `expired`.'),
  drain_per_second: z
    .number()
    .min(0.1)
    .max(10_000)
    .describe('Held deliveries that go on per second when their endpoint takes deliveries again.'),
};

export const newAppBody = z.strictObject({
  name: line(200),
  profile: withDefault(z.enum(profileIds), DEFAULT_PROFILE_ID),
  settings: withDefault(z.strictObject(allOptional(settings)), {}),
});

export const appChangesBody = z.strictObject({
  name: line(200).optional(),
  settings: z.strictObject(allChangeable(settings)).nullish(),
});

export const newKeyBody = z.strictObject({
  name: optional(line(200)),
  // Each may be named twice, by who joins lists.
  scopes: withDefault(
    z
      .array(z.enum(SCOPES))
      .min(1)
      .max(2 * SCOPES.length),
    [...SCOPES],
  ),
});
