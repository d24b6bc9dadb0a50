import { z } from 'zod';
import type { CatalogueEntry } from '../../profiles/profile.js';
import type { AppEventType } from '../../store/apps/event-types.js';

/** Event types as the API shows them. */

const anyObject = z.record(z.string(), z.unknown());

export const eventTypeAnswer = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    example: anyObject.nullable().describe("The document's own example of `data`."),
    schema: anyObject.nullable().describe('The JSON Schema that `data` must satisfy.'),
    source: z.enum(['catalogue', 'application']),
  })
  .meta({ id: 'EventType' });

type EventTypeView = z.output<typeof eventTypeAnswer>;

/** @param schema what the application demands of its data */
export function catalogueEventTypeView(
  { name, description, example }: CatalogueEntry,
  schema: AppEventType['schema'],
): EventTypeView {
  return { name, description, example, schema, source: 'catalogue' };
}

export function appEventTypeView({ name, description, schema }: AppEventType): EventTypeView {
  return { name, description, example: null, schema, source: 'application' };
}
