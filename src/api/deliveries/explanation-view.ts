import { z } from 'zod';
import { explain } from '../../explanation/explain.js';
import { EXPLANATION_CODES, REMEDY_ACTIONS, type DeliveryFacts } from '../../explanation/explanation.js';
import { scheduleAhead } from '../../explanation/schedule-ahead.js';
import { time } from '../http/view-fields.js';

/** Why a delivery was not made yet, or how it ended, as the API says it. */

const explanationAnswer = z
  .object({
    code: z.enum(EXPLANATION_CODES),
    text: z.string().describe('A few sentences of plain English. Times are in UTC.'),
    since: time.nullable().describe('Since when it has been so.'),
    until: time.nullable().describe('When this changes by itself; null where no time is set.'),
    next: z
      .object({
        at: time,
        number: z.number(),
        of: z.number().describe('Number of attempts that the schedule has in all.'),
      })
      .nullable()
      .describe('The next attempt, where its time is set.'),
    remedies: z
      .array(
        z.object({
          action: z.enum(REMEDY_ACTIONS),
          text: z.string(),
          method: z.enum(['GET', 'POST', 'PATCH']).optional(),
          path: z.string().optional().describe('The route of this API that does it.'),
        }),
      )
      .readonly()
      .describe('What would change it.'),
  })
  .meta({ id: 'Explanation' });

/** What a delivery has beside its fields where it is shown by itself, or in its event. */
export const explainedFields = {
  workflow_id: z.string().describe('The id of the workflow in Temporal that makes it.'),
  workflow_url: z
    .string()
    .nullable()
    .describe('Its page in the Temporal UI; null without POSTHORN_TEMPORAL_UI_URL.'),
  schedule_ahead: z
    .array(z.object({ number: z.number(), at: time }))
    .readonly()
    .describe(
      'The next attempt, and those that would follow if each failed. Empty where the next has no time.',
    ),
  explanation: explanationAnswer,
};

/** A workflow, as `workflow_id` and `workflow_url` name it. */
export interface NamedWorkflow {
  readonly id: string;
  readonly url: string | null;
}

export function explainedView(facts: DeliveryFacts, workflow: NamedWorkflow) {
  return {
    workflow_id: workflow.id,
    workflow_url: workflow.url,
    schedule_ahead: scheduleAhead(facts),
    explanation: explain(facts),
  };
}
