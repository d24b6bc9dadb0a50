import { z } from 'zod';
import type { Problem } from './problem.js';

/** Every error's body (RFC 9457). */
export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string().describe('The error, for programs.'),
    errors: z
      .array(
        z.union([
          z.object({
            pointer: z.string().describe('A JSON pointer (RFC 6901) into the body.'),
            detail: z.string(),
          }),
          z.object({
            parameter: z.string().describe('The name of a query parameter or a header.'),
            detail: z.string(),
          }),
        ]),
      )
      .readonly()
      .optional(),
    event_id: z.string().optional().describe('With 503: repeat the event with this id. That is safe.'),
    event_ids: z
      .array(z.string())
      .readonly()
      .optional()
      .describe('With 503, for a batch: repeat its events with these ids, in this order. That is safe.'),
    checks: z
      .record(z.string(), z.string())
      .optional()
      .describe('Only from `/readyz`: what is wrong with each part, or `ok`.'),
    request_id: z.uuid().describe('Posthorn’s log lines about this request have it too.'),
  })
  .meta({ id: 'Problem' });

export function problemView(problem: Problem, requestId: string): z.output<typeof problemAnswer> {
  const { errors, members } = problem.more;
  return {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    ...(errors ? { errors } : {}),
    ...members,
    request_id: requestId,
  };
}
