import { z } from 'zod';
import { profileIds } from '../../profiles/index.js';
import {
  LONGEST_DELAY_SECONDS,
  MOST_DELAYS,
  SHORTEST_DELAY_SECONDS,
  type ScheduleChoice,
} from '../../delivery/schedule-choice.js';

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
export const jsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/** A point in time as text. */
export const time = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time like 2026-04-16T12:00:00Z' })
  .transform((text) => new Date(text));

/** A documented schedule by its name, or delays in seconds; null for the profile's own. */
export const scheduleChoice = z
  .custom<ScheduleChoice>((value) => typeof value === 'string' || Array.isArray(value), {
    error: `must be the name of a schedule (${profileIds.join(', ')}) or a list of delays in seconds`,
    abort: true,
  })
  .superRefine((choice, context) => {
    for (const { path, message } of scheduleProblems(choice)) {
      context.addIssue({ code: 'custom', path, message });
    }
  })
  .nullable();

function scheduleProblems(choice: ScheduleChoice): { path: number[]; message: string }[] {
  if (typeof choice === 'string') {
    if (profileIds.includes(choice)) return [];
    return [{ path: [], message: `must be one of ${profileIds.join(', ')}, or a list of delays in seconds` }];
  }
  if (choice.length > MOST_DELAYS) {
    return [{ path: [], message: `must have at most ${MOST_DELAYS} delays` }];
  }
  const fits = (delay: unknown) =>
    typeof delay === 'number' && delay >= SHORTEST_DELAY_SECONDS && delay <= LONGEST_DELAY_SECONDS;
  return choice.flatMap((delay, index) =>
    fits(delay)
      ? []
      : [
          {
            path: [index],
            message: `must be a delay of ${SHORTEST_DELAY_SECONDS} to ${LONGEST_DELAY_SECONDS} seconds`,
          },
        ],
  );
}
