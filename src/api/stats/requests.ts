import { z } from 'zod';
import {
  bucketsIn,
  INTERVAL_MS,
  STATS_INTERVALS,
  windowOf,
  type StatsWindow,
} from '../../store/stats/buckets.js';
import { eventTypeParameter } from '../event-types/requests.js';
import { id } from '../http/path-parameters.js';
import { problems } from '../http/problem.js';
import { timeText } from '../http/request-fields.js';

/** Which statistics a request asks for. */

export const MOST_BUCKETS = 500;

/** Intervals that are shown when nothing says since when: an hour of minutes, a day of hours, a month of days. */
const DEFAULT_BUCKETS = { minute: 60, hour: 24, day: 30 } as const;

export const statsQuery = z.strictObject({
  since: timeText.optional(),
  until: timeText.optional(),
  interval: z.enum(STATS_INTERVALS).default('hour'),
  webhook_id: id.optional(),
  event_type: eventTypeParameter.optional(),
});

/**
 * The whole intervals that are asked for: up to now, and so many that they fit on a page, unless the request says more.
 * @throws Problem 400 when there are too many
 */
export function requestedWindow(query: z.output<typeof statsQuery>, now: Date): StatsWindow {
  const { interval, until = now } = query;
  const length = INTERVAL_MS[interval];
  const begin = Math.ceil(until.getTime() / length) - DEFAULT_BUCKETS[interval];
  const window = windowOf(interval, query.since ?? new Date(begin * length), until);
  const count = bucketsIn(window);
  if (count <= MOST_BUCKETS) return window;
  const detail = `begins ${count} intervals of a ${interval} before \`until\`; ${MOST_BUCKETS} are the most: shorten the time, or take a longer \`interval\``;
  throw problems.invalidParameter([{ parameter: 'since', detail }]);
}
