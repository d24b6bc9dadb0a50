import { z } from 'zod';
import { profileIds } from '../../profiles/index.js';
import { SCOPES, type ApiKey } from '../../store/apps/api-keys.js';
import type { App } from '../../domain/app.js';
import { chosenSchedule, time } from '../http/view-fields.js';

/** Applications and their keys as the API shows them. */

export const appAnswer = z
  .object({
    id: z.uuid(),
    name: z.string(),
    profile: z.enum(profileIds),
    settings: z.object({
      environment_id: z.string(),
      schedule: chosenSchedule.describe("A documented schedule or delays in seconds; null: the profile's."),
      disable_after_failures: z.number().nullable().describe("Null: the profile's rule; 0: never."),
      disable_after_hours: z.number().nullable().describe("Null: the profile's rule; 0: never."),
      hold_hours: z.number(),
      drain_per_second: z.number(),
    }),
    created_at: time,
  })
  .meta({ id: 'Application' });

const apiKeyFields = {
  id: z.uuid(),
  name: z.string().nullable(),
  scopes: z.array(z.enum(SCOPES)).readonly(),
  created_at: time,
};

export const apiKeyAnswer = z.object(apiKeyFields).meta({ id: 'ApiKey' });

export const newApiKeyAnswer = z
  .object({
    ...apiKeyFields,
    key: z
      .string()
      .nullable()
      .describe('Shown once. null when the request was repeated with its `Idempotency-Key`.'),
  })
  .meta({ id: 'NewApiKey' });

export function appView(app: App): z.output<typeof appAnswer> {
  return {
    id: app.id,
    name: app.name,
    profile: app.profile,
    settings: app.settings,
    created_at: app.createdAt,
  };
}

export function apiKeyView(key: ApiKey): z.output<typeof apiKeyAnswer> {
  return { id: key.id, name: key.name, scopes: key.scopes, created_at: key.createdAt };
}
