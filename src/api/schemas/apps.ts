import { z } from 'zod';
import { DEFAULT_PROFILE_ID, profileIds } from '../../profiles/index.js';
import { SCOPES } from '../../store/api-keys.js';
import { line } from './fields.js';
import { scheduleChoice } from './schedules.js';

/** Applications and their keys. */

/** A day is kept for as long as a delivery of it is open: none waits for ever. */
const MAX_HOLD_HOURS = 24 * 28;

const settings = z.strictObject({
  environment_id: z
    .string()
    .regex(/^env_[A-Za-z0-9_-]{1,60}$/, 'must be "env_" and 1 to 60 of A-Z, a-z, 0-9, _ and -')
    .optional(),
  schedule: scheduleChoice.optional(),
  disable_after_failures: z.number().int().min(0).max(1_000_000).nullable().optional(),
  disable_after_hours: z.number().min(0).max(8_760).nullable().optional(),
  hold_hours: z
    .number()
    .positive()
    .max(MAX_HOLD_HOURS)
    .nullable()
    .optional()
    .describe('How long a held delivery waits before it fails as `expired`.'),
  drain_per_second: z
    .number()
    .min(0.1)
    .max(10_000)
    .nullable()
    .optional()
    .describe('Held deliveries a second, once their endpoint takes them again.'),
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
