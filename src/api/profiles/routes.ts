import { z } from 'zod';
import { documentedDelayMs, retriesOf } from '../../domain/schedule.js';
import { profileById, profileIds } from '../../profiles/index.js';
import type { Profile } from '../../profiles/profile.js';
import { SECRET_FORMS } from '../../profiles/signing/secret.js';
import { route, type Route } from '../http/route.js';

const profileAnswer = z
  .object({
    id: z.string(),
    title: z.string(),
    sources: z.array(z.string()).readonly().describe('What documents it.'),
    headers: z.array(z.string()).readonly().describe('The headers that it sets, in lower case.'),
    secret_form: z.string().describe('What a signing secret looks like that the caller brings.'),
    event_id_form: z.string().describe('What an event id looks like that the caller brings.'),
    has_catalogue: z
      .boolean()
      .describe('Whether event types are those of a catalogue, or any well-formed ones.'),
    schedule: z
      .object({
        delays_seconds: z.array(z.number()).readonly().describe('The delays before attempts 2, 3, ….'),
        jitter: z.number().describe('Share by which a delay may differ either way, 0 to 1.'),
        follows_retry_after: z.boolean(),
        default_retries: z.number().describe('Retries of an endpoint that sets no `retry_limit`.'),
      })
      .describe('When a failed delivery is tried again.'),
    time_limit_ms: z.number().describe('How long one attempt may take, the whole exchange.'),
    slow_after_ms: z.number().nullable().describe('An attempt that took longer is marked slow.'),
    final_statuses: z
      .array(z.object({ from: z.number(), to: z.number() }))
      .readonly()
      .describe('Answers that end a delivery without another attempt.'),
    health_rule: z.object({
      after_failures: z.number().nullable(),
      after_hours: z.number().nullable(),
      on_gone: z.boolean(),
    }),
    active_endpoint_limit: z.number().nullable(),
    test_event_type: z.string(),
  })
  .meta({ id: 'Profile' });

/** The documented systems, as public facts. */
export function profileRoutes(): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/profiles',
      summary:
        'Lists the profiles: signature headers, schedules, limits and rules of each documented system.',
      success: [200, z.object({ profiles: z.array(profileAnswer).readonly() })],
      access: 'caller',
      handle: () => Promise.resolve({ profiles: profileIds.map((id) => profileView(profileById(id))) }),
    }),
  ];
}

function profileView(profile: Profile): z.output<typeof profileAnswer> {
  const { schedule, health } = profile;
  const delays = Array.from(
    { length: retriesOf(schedule) },
    (_, n) => documentedDelayMs(schedule, n + 2) / 1_000,
  );
  return {
    id: profile.id,
    title: profile.title,
    sources: profile.sources,
    headers: profile.ownHeaders,
    secret_form: SECRET_FORMS[profile.secretKind],
    event_id_form: profile.eventId.form,
    has_catalogue: profile.catalogue !== null,
    schedule: {
      delays_seconds: delays,
      jitter: schedule.kind === 'table' ? (schedule.jitter ?? 0) : 0,
      follows_retry_after: schedule.kind === 'table' && schedule.retryAfter === true,
      default_retries: profile.defaultRetryLimit,
    },
    time_limit_ms: profile.timeLimitMs,
    slow_after_ms: profile.slowAfterMs,
    final_statuses: rangesOf(profile.isFinalAnswer),
    health_rule: {
      after_failures: health.afterFailures,
      after_hours: health.afterHours,
      on_gone: health.onGone,
    },
    active_endpoint_limit: profile.activeEndpointLimit,
    test_event_type: profile.testEvent.type,
  };
}

/** The statuses outside 2xx that `isFinal` takes, as ranges. */
function rangesOf(isFinal: Profile['isFinalAnswer']): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (let status = 100; status < 600; status += 1) {
    if ((status >= 200 && status < 300) || !isFinal(status)) continue;
    const last = ranges.at(-1);
    if (last?.to === status - 1) last.to = status;
    else ranges.push({ from: status, to: status });
  }
  return ranges;
}
