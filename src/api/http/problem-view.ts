import { z } from 'zod';
import type { Problem } from './problem.js';

/** Every error's body (RFC 9457). */
export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string().describe('What happened, for programs.'),
    errors: z
      .array(
        z.union([
          z.object({
            pointer: z.string().describe('A JSON pointer (RFC 6901) into the body.'),
            detail: z.string(),
          }),
          z.object({ parameter: z.string().describe('Of the query, or a header.'), detail: z.string() }),
        ]),
      )
      .readonly()
      .optional(),
    event_id: z.string().optional().describe('With 503: repeat the event with this id; that is safe.'),
    event_ids: z
      .array(z.string())
      .readonly()
      .optional()
      .describe('With 503, of a batch: repeat its events with these ids, in this order; that is safe.'),
    checks: z.record(z.string(), z.string()).optional().describe('Of `/readyz`.'),
    request_id: z.uuid().describe('What Posthorn prints of a failure has it too.'),
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
