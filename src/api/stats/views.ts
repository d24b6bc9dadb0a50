import { z } from 'zod';
import { STATS_INTERVALS, type StatsBucket, type StatsInterval } from '../../store/stats/buckets.js';
import { time } from '../http/view-fields.js';

/** Statistics as the API shows them. */

const percentile = z.number().nullable();

const bucketAnswer = z
  .object({
    start: time.describe('The beginning of the UTC minute, hour or day.'),
    events: z
      .number()
      .describe('Events accepted, unmatched ones too; with `webhook_id`, those with a delivery to it.'),
    delivered: z.number().describe('Deliveries that ended delivered.'),
    failed: z.number().describe('Deliveries that failed for good, cancelled ones too.'),
    attempts: z.number().describe('Attempts that ended.'),
    retried: z.number().describe("Attempts after their delivery's first."),
    p50_ms: percentile.describe(
      'Half of the attempts took at most so long, give or take 19 %. null without attempts.',
    ),
    p95_ms: percentile.describe('95 % of the attempts took at most so long, give or take 19 %.'),
  })
  .meta({ id: 'StatsBucket' });

export const statsAnswer = z
  .object({ interval: z.enum(STATS_INTERVALS), buckets: z.array(bucketAnswer).readonly() })
  .meta({ id: 'Stats' });

export function statsView(
  interval: StatsInterval,
  buckets: readonly StatsBucket[],
): z.output<typeof statsAnswer> {
  return {
    interval,
    buckets: buckets.map(({ p50Ms, p95Ms, ...counts }) => ({ ...counts, p50_ms: p50Ms, p95_ms: p95Ms })),
  };
}
