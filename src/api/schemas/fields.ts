import { z } from 'zod';

/** What several of the API's schemas are made of. */

// What PostgreSQL and HTTP headers cannot hold, and what nobody means to send.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** A line of text for people. */
export const line = (maximum: number, minimum = 1) =>
  z
    .string()
    .trim()
    .min(minimum)
    .max(maximum)
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters or broken Unicode');

/** Text that `problemOf` finds nothing wrong with; what it finds is the error. */
export const refusedBy = (problemOf: (text: string) => string | null) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** Any JSON object, kept as it is. */
export const jsonObject = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .meta({ override: { type: 'object' } });

/** A point in time, given as text. */
export const timeText = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 time like 2026-04-16T12:00:00Z',
    // Rules over several fields would be given the text, not a time.
    abort: true,
  })
  .transform((text) => new Date(text));
