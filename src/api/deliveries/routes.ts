import { z } from 'zod';
import { listAttempts } from '../../store/attempts/attempt-lists.js';
import {
  DELIVERY_REASONS,
  DELIVERY_TRIGGERS,
  DELIVERY_STATUSES,
  type Delivery,
} from '../../domain/delivery.js';
import { markBroughtForward } from '../../store/deliveries/bring-forward.js';
import { inSnapshot } from '../../store/database/pool.js';
import { findDelivery } from '../../store/deliveries/deliveries.js';
import { listDeliveries } from '../../store/deliveries/delivery-lists.js';
import { findEndpoint } from '../../store/endpoints/endpoints.js';
import { findEventKey } from '../../store/events/events.js';
import { carryOnMissing } from '../../upkeep/carry-on.js';
import { ATTEMPT_OVERHEAD_MS } from '../../workflows/contract/delivery.js';
import type { ApiContext } from '../context.js';
import { assertTakesDeliveries } from '../endpoints/endpoint-changes.js';
import { attemptPageQuery, pageQuery } from '../http/pagination.js';
import { eventId, id } from '../http/path-parameters.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';
import { untilKnown } from '../http/until-known.js';
import { eventTypeParameter } from '../event-types/requests.js';
import { timeText } from '../http/request-fields.js';
import {
  attemptAnswer,
  attemptedDeliveryAnswer,
  attemptView,
  deliveryAnswer,
  deliveryView,
} from './views.js';
import { workflowIdOf } from '../events/workflow-ids.js';
import { explainedDeliveries } from './explained-deliveries.js';
import { page } from '../http/view-fields.js';

/** A delivery alone shows its newest attempts whole. A schedule has 51 at most; what was lost comes on top. */
const SHOWN_ATTEMPTS = { each: 100, bytes: null, cutAt: 0 };

export function deliveryRoutes(context: ApiContext): Route[] {
  const { pool, lists, workflows, now: timeNow } = context;
  const existing = async (appId: string, id: string | undefined) => {
    const delivery = await findDelivery(pool, appId, id ?? '');
    if (!delivery) throw problems.notFound();
    return delivery;
  };
  return [
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/deliveries/:id',
      summary:
        'Returns a delivery with its newest attempts, and says why it was not made yet, or how it ended.',
      success: [200, z.object({ delivery: attemptedDeliveryAnswer })],
      scopes: ['events:read', 'webhooks:read'],
      async handle({ app, profile, params }) {
        const id = params.id ?? '';
        const [delivery] = await inSnapshot(pool, async (client) => {
          const found = await findDelivery(client, app.id, id);
          if (!found) return [];
          const { eventId: ofEvent, day } = found;
          const workflowId = await workflowIdOf(client, { appId: app.id, id: ofEvent, day });
          return explainedDeliveries(context, client, { app, profile, workflowId }, [found], SHOWN_ATTEMPTS);
        });
        if (!delivery) throw problems.notFound();
        return { delivery };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/deliveries/:id/attempts',
      summary: "Lists a delivery's attempts.",
      success: [200, page('attempts', attemptAnswer)],
      scopes: ['events:read', 'webhooks:read'],
      query: z.strictObject(attemptPageQuery),
      async handle({ app, caller, params, query }) {
        const delivery = await existing(app.id, params.id);
        const { rows, nextCursor } = await lists.page(caller, query, async (db, { after, limit }) => {
          const attempts = await listAttempts(db, delivery, after && Number(after.id), limit);
          return attempts.map((attempt) => ({
            ...attempt,
            createdAt: attempt.startedAt,
            id: String(attempt.number),
          }));
        });
        return { attempts: rows.map(attemptView), next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/deliveries',
      summary: 'Lists deliveries.',
      success: [200, page('deliveries', deliveryAnswer)],
      scopes: ['events:read', 'webhooks:read'],
      exampleQuery: { status: 'failed', reason: 'exhausted', since: '2026-04-16T12:00:00Z' },
      query: z.strictObject({
        ...pageQuery,
        status: z.enum(DELIVERY_STATUSES).optional(),
        reason: z.enum(DELIVERY_REASONS).optional(),
        trigger: z.enum(DELIVERY_TRIGGERS).optional(),
        event_type: eventTypeParameter.optional(),
        event_id: eventId.optional(),
        webhook_id: id.optional(),
        since: timeText.optional(),
        until: timeText.optional(),
      }),
      async handle({ app, caller, query }) {
        const { rows, nextCursor } = await lists.page(caller, query, async (db, request) => {
          const key = query.event_id === undefined ? null : await findEventKey(db, app.id, query.event_id);
          if (query.event_id !== undefined && !key) return [];
          const scope = {
            appId: app.id,
            endpointId: query.webhook_id,
            event: key && query.event_id !== undefined ? { id: query.event_id, day: key.day } : undefined,
          };
          const filter = { ...query, eventType: query.event_type };
          return listDeliveries(db, scope, filter, request);
        });
        return { deliveries: rows.map(deliveryView), next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/deliveries/:id/retry',
      summary: 'Makes the next scheduled attempt now.',
      success: [202, z.object({ delivery: deliveryAnswer })],
      idempotencyKey: 'refused',
      conflicts: ['already_finished', 'endpoint_paused', 'endpoint_disabled'],
      scopes: ['events:write'],
      async handle({ app, profile, params }) {
        const delivery = await existing(app.id, params.id);
        if (delivery.completedAt) throw problems.alreadyFinished('delivery');
        const endpoint = await findEndpoint(pool, app.id, delivery.endpointId);
        if (endpoint) assertTakesDeliveries(endpoint);
        const longest = profile.timeLimitMs + ATTEMPT_OVERHEAD_MS;
        if (isWaiting(delivery, timeNow(), longest)) return { delivery: deliveryView(await hurry(delivery)) };
        // A first attempt that is queued is made as soon as it can be, if there is somebody who makes it.
        if (isQueued(delivery)) await carryOn(delivery);
        return { delivery: deliveryView(delivery) };
      },
    }),
  ];

  /** Has the next attempt made now, and gives the delivery as soon as that has begun. */
  async function hurry(delivery: Delivery): Promise<Delivery> {
    const tell = () => workflows.hurry(delivery.workflowId, delivery.id);
    const hurried = await untilKnown(async () => {
      const told = await tell();
      if (told !== 'gone') return told;
      // A delivery of a running batch gets a workflow of its own in a moment. One whose workflow was lost gets another now.
      const found = await carryOn(delivery);
      if (found === 'nothing_left') return 'finished';
      if (found !== 'carried_on') return null;
      const toldNow = await tell();
      return toldNow === 'gone' ? null : toldNow;
    });
    if (hurried === null) throw problems.beingOpened();
    if (hurried === 'finished') throw problems.alreadyFinished('delivery');
    if (hurried === 'full') throw problems.tooManyMessages();
    await markBroughtForward(pool, delivery, timeNow());
    context.changes.tell({ kind: 'delivery', appId: delivery.appId, id: delivery.id });
    const begun = await untilKnown(async () => {
      const now = await findDelivery(pool, delivery.appId, delivery.id);
      return now && (now.attemptCount > delivery.attemptCount || now.completedAt) ? now : null;
    });
    return begun ?? delivery;
  }

  function carryOn({ appId, eventId: id, day, workflowId }: Delivery) {
    return carryOnMissing(context, { workflowId, event: { appId, id, day } });
  }
}

/** Whether its first attempt is queued: not held, and not due at a set time. */
function isQueued({ status, reason }: Delivery): boolean {
  return status === 'pending' && reason === null;
}

/** An attempt that has been due for less than this is about to begin: its workflow needs no signal. */
const ON_ITS_WAY_MS = 60_000;

/**
 * Whether it waits for the time of its next attempt: not held, not being attempted, and not brought forward a moment
 * ago. One that has been attempted for longer than an attempt can take has lost it with its worker, and waits for the
 * next too.
 */
function isWaiting(
  { status, nextAttemptAt, attemptStartedAt }: Delivery,
  now: Date,
  longestMs: number,
): boolean {
  const dueForMs = nextAttemptAt && now.getTime() - nextAttemptAt.getTime();
  if (dueForMs !== null) return dueForMs < 0 || dueForMs > ON_ITS_WAY_MS;
  return status === 'processing' && (attemptStartedAt?.getTime() ?? 0) < now.getTime() - longestMs;
}
