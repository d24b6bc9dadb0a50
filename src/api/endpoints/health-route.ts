import { z } from 'zod';
import { takesDeliveries } from '../../domain/endpoint.js';
import { healthRuleFor } from '../../domain/health-rule.js';
import { countHeld } from '../../store/deliveries/held-deliveries.js';
import { failuresOf } from '../../store/endpoints/health.js';
import { TemporalUnavailable } from '../../temporal/calls.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';
import { time } from '../http/view-fields.js';
import { existingEndpoint } from './endpoint-changes.js';
import { endpointStatus, endpointStatusAnswer } from './views.js';

const healthAnswer = z
  .object({
    status: endpointStatusAnswer,
    reason: z.string().nullable().describe('Why it is disabled; null otherwise.'),
    since: time.nullable().describe('Since when it is paused or disabled; null while it is active.'),
    failure_count: z.number().describe('Deliveries in a row that failed for good.'),
    failing_since: time.nullable().describe('When the first of these failed.'),
    rule: z
      .object({
        after_failures: z.number().nullable(),
        after_hours: z.number().nullable(),
        on_gone: z.boolean(),
      })
      .describe(
        'When failures disable it: so many in a row, so many hours of nothing else, an answer of 410.',
      ),
    held: z.object({ count: z.number(), oldest_at: time.nullable() }).describe('Deliveries that it holds.'),
    draining: z.boolean().describe('Whether its held deliveries are going on.'),
    history: z
      .array(
        z.object({
          at: z.string().meta({ format: 'date-time' }),
          from: z.string(),
          to: z.string(),
          why: z.string().nullable(),
        }),
      )
      .nullable()
      .describe('Its last changes of health, oldest first; null when Temporal or a worker does not answer.'),
  })
  .meta({ id: 'EndpointHealth' });

/** How an endpoint does: by the log, and by its health workflow. */
export function healthRoutes(context: ApiContext): Route[] {
  const { lists, workflows, logger } = context;
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/webhooks/:id/health',
      summary: "Returns an endpoint's state with its reason, its failures, and what it holds.",
      success: [200, healthAnswer],
      scopes: ['webhooks:read'],
      async handle({ app, profile, caller, params }) {
        const endpoint = await existingEndpoint(context, app, params.id);
        const [{ failures, held }, history] = await Promise.all([
          lists.read(caller, async (db) => ({
            failures: await failuresOf(db, endpoint.id),
            held: await countHeld(db, endpoint.id),
          })),
          historyOf(endpoint.id),
        ]);
        if (!failures) throw problems.notFound();
        const rule = healthRuleFor(profile, app.settings);
        return {
          status: endpointStatus(endpoint),
          reason: endpoint.enabled ? null : endpoint.disabledReason,
          since: endpoint.enabled ? endpoint.pausedAt : endpoint.disabledAt,
          failure_count: failures.failureCount,
          failing_since: failures.failingSince,
          rule: { after_failures: rule.afterFailures, after_hours: rule.afterHours, on_gone: rule.onGone },
          held: { count: held.count, oldest_at: held.oldestAt },
          draining: held.count > 0 && takesDeliveries(endpoint),
          history,
        };
      },
    }),
  ];

  async function historyOf(endpointId: string) {
    try {
      const health = await workflows.healthOf(endpointId);
      return (health?.history ?? []).map(({ at, from, to, reason }) => ({ at, from, to, why: reason }));
    } catch (error) {
      if (!(error instanceof TemporalUnavailable)) {
        logger.warn({ err: error, webhook_id: endpointId }, 'could not ask for the health of an endpoint');
      }
      return null;
    }
  }
}
