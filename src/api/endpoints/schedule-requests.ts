import { z } from 'zod';
import {
  LONGEST_DELAY_SECONDS,
  LONGEST_SCHEDULE_SECONDS,
  MOST_DELAYS,
  SHORTEST_DELAY_SECONDS,
  type ScheduleChoice,
} from '../../domain/schedule.js';
import { profileIds } from '../../profiles/index.js';

/** Schedules as applications and endpoints choose them. */

const FORM = `must be the name of a schedule (${profileIds.join(', ')}) or a list of delays in seconds`;

/**
 * A documented schedule by its name, or delays in seconds. No z.union of the two: its one
 * error would point at the schedule, not at the delay that is wrong.
 */
export const scheduleChoice = z
  .custom<ScheduleChoice>((value) => typeof value === 'string' || Array.isArray(value), {
    error: FORM,
    abort: true,
  })
  .superRefine((choice, context) => {
    for (const { path, message } of scheduleProblems(choice)) {
      context.addIssue({ code: 'custom', path, message });
    }
  })
  .meta({
    override: {
      anyOf: [
        { type: 'string', enum: [...profileIds] },
        {
          type: 'array',
          maxItems: MOST_DELAYS,
          items: { type: 'number', minimum: SHORTEST_DELAY_SECONDS, maximum: LONGEST_DELAY_SECONDS },
        },
      ],
    },
  });

function scheduleProblems(choice: ScheduleChoice): { path: number[]; message: string }[] {
  if (typeof choice === 'string') {
    return profileIds.includes(choice) ? [] : [{ path: [], message: FORM }];
  }
  if (choice.length > MOST_DELAYS) return [{ path: [], message: `must have at most ${MOST_DELAYS} delays` }];
  const message = `must be a delay of ${SHORTEST_DELAY_SECONDS} to ${LONGEST_DELAY_SECONDS} seconds`;
  const found = choice.flatMap((delay, index) => (isDelay(delay) ? [] : [{ path: [index], message }]));
  if (found.length > 0) return found;
  const seconds = choice.reduce((sum, delay) => sum + delay, 0);
  return seconds > LONGEST_SCHEDULE_SECONDS
    ? [{ path: [], message: `must have at most ${LONGEST_SCHEDULE_SECONDS} seconds (28 days) together` }]
    : [];
}

function isDelay(delay: unknown): boolean {
  return typeof delay === 'number' && delay >= SHORTEST_DELAY_SECONDS && delay <= LONGEST_DELAY_SECONDS;
}
