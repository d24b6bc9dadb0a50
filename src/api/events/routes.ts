import { z } from 'zod';
import type { App } from '../../domain/app.js';
import { forEachConcurrent } from '../../lib/for-each-concurrent.js';
import { EVENT_STATUSES, type StoredEvent } from '../../domain/event.js';
import { bodyOf } from '../../routing/event-input.js';
import type { Profile } from '../../profiles/profile.js';
import { acceptedEvent } from '../../temporal/client/accepted-event.js';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import { newestDeliveriesOfEvent, openDeliveriesOfEvent } from '../../store/deliveries/deliveries.js';
import { listEvents } from '../../store/events/event-lists.js';
import { eventStatusOf, findEvent, findEventKey, findEventOf } from '../../store/events/events.js';
import { inSnapshot } from '../../store/database/pool.js';
import { cancelMissing } from '../../upkeep/carry-on.js';
import type { EventInput } from '../../workflows/contract/event.js';
import { acceptBatch } from './accept-batch.js';
import { acceptEvent } from './accept-event.js';
import type { ApiContext } from '../context.js';
import { idempotencyBytes } from '../http/idempotency-key.js';
import { eventPageQuery } from '../http/pagination.js';
import { problems } from '../http/problem.js';
import { MAX_SUBMISSION_BYTES } from '../http/request.js';
import { appRoute, type Route } from '../http/route.js';
import { eventTypeParameter } from '../event-types/requests.js';
import { newBatchBody, newEventBody } from './requests.js';
import { timeText } from '../http/request-fields.js';
import { submittedEvent } from './submitted-event.js';
import { untilKnown } from '../http/until-known.js';
import { explainedDeliveries } from '../deliveries/explained-deliveries.js';
import { withWorkflowIds, workflowIdOf } from './workflow-ids.js';
import {
  bytesForAttempts,
  CUT_AT,
  eventAnswer,
  eventView,
  liveView,
  SHOWN_ATTEMPTS,
  SHOWN_DELIVERIES,
  wholeEventAnswer,
  withinBounds,
} from './views.js';
import { page } from '../http/view-fields.js';

/** Concurrent calls to Temporal: an event may have been resent a thousand times. */
const CANCELLED_AT_ONCE = 20;

export function eventRoutes(context: ApiContext): Route[] {
  const { pool, lists, workflows } = context;
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events',
      summary: 'Submits an event. 202 means that it is durable.',
      success: [202, z.object({ event: eventAnswer })],
      idempotencyKey: 'names_events',
      maxBodyBytes: MAX_SUBMISSION_BYTES,
      conflicts: ['event_conflict', 'event_dropped'],
      scopes: ['events:write'],
      body: newEventBody,
      example: { event_type: 'order.paid', data: { order: 17 } },
      async handle({ app, profile, body, idempotencyKey }) {
        const keyBytes = idempotencyBytes(idempotencyKey, app.id);
        const event = await acceptEvent(context, app, submittedEvent(profile, body, keyBytes, []));
        return { event: eventView(event) };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events/batch',
      summary: 'Submits 1 to 1,000 events, all or none. 202 means that they are durable.',
      success: [202, z.object({ events: z.array(eventAnswer) })],
      idempotencyKey: 'names_events',
      maxBodyBytes: MAX_SUBMISSION_BYTES,
      conflicts: ['event_conflict', 'event_dropped'],
      scopes: ['events:write'],
      body: newBatchBody,
      example: {
        events: [
          { event_type: 'order.paid', data: { order: 17 } },
          { event_type: 'order.paid', data: { order: 18 } },
        ],
      },
      async handle({ app, profile, body, idempotencyKey }) {
        const submitted = body.events.map((event, index) => {
          const keyBytes = idempotencyBytes(idempotencyKey, app.id, 'batch', String(index));
          return submittedEvent(profile, event, keyBytes, ['events', index]);
        });
        return { events: (await acceptBatch(context, app, submitted)).map(eventView) };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events/:event_id/cancel',
      summary: 'Ends the open deliveries of an event before their next attempt.',
      success: [202, z.object({ event: eventAnswer })],
      idempotencyKey: 'refused',
      conflicts: ['already_finished'],
      scopes: ['events:write'],
      async handle({ app, params }) {
        const id = params.event_id ?? '';
        const { stored } = await lookUp(app.id, id);
        let hasEffect = false;
        // An event of a running batch gets a workflow of its own in a moment.
        const isDone = await untilKnown(async () => {
          const open = stored ? await openDeliveriesOfEvent(pool, stored) : [];
          const ids = stored ? open.map(({ workflowId }) => workflowId) : [eventWorkflowId(app.id, id)];
          const cancelled: Awaited<ReturnType<typeof cancelOne>>[] = [];
          await forEachConcurrent(CANCELLED_AT_ONCE, [...new Set(ids)], async (workflowId) =>
            cancelled.push(await cancelOne(workflowId, stored)),
          );
          hasEffect ||= cancelled.some((how) => how === 'sent' || how === 'cancelled');
          return cancelled.some((how) => how === 'being_opened' || how === 'running') ? null : true;
        });
        if (isDone === null) throw problems.beingOpened();
        if (!hasEffect) throw problems.alreadyFinished('event');
        // Waiting deliveries are cancelled immediately; an attempt in flight finishes first.
        await untilKnown(async () => {
          const event = await findEvent(pool, app.id, id);
          return event && (await eventStatusOf(pool, event)) !== 'pending' ? event : null;
        });
        return { event: eventView(await knownSummary(app.id, id)) };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/events',
      summary: 'Lists events.',
      success: [200, page('events', eventAnswer)],
      scopes: ['events:read'],
      exampleQuery: { status: 'failed', event_type: 'order.paid' },
      query: z.strictObject({
        ...eventPageQuery,
        event_type: eventTypeParameter.optional(),
        status: z.enum(EVENT_STATUSES).optional(),
        since: timeText.optional(),
        until: timeText.optional(),
      }),
      async handle({ app, caller, query }) {
        const filter = { ...query, eventType: query.event_type };
        const { rows, nextCursor } = await lists.page(caller, query, async (db, request) =>
          withWorkflowIds(db, await listEvents(db, app.id, filter, request)),
        );
        return { events: rows.map(eventView), next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/events/:event_id',
      summary: 'Returns an event with its newest deliveries and attempts.',
      success: [200, z.object({ event: wholeEventAnswer })],
      scopes: ['events:read'],
      query: z.strictObject({ live: z.stringbool().default(false) }),
      async handle({ app, profile, params, query }) {
        const id = params.event_id ?? '';
        const event = await knownEvent(app, id, profile);
        const live = query.live ? { live: liveView(await workflows.describeEvent(app.id, id)) } : {};
        return { event: { ...event, ...live } };
      },
    }),
  ];

  /**
   * An event as the log has it, or, until it is opened, as it was accepted. One that has been dropped from the log is
   * not known, though Temporal may still have its workflow.
   * @throws Problem 404
   */
  async function lookUp(
    appId: string,
    id: string,
  ): Promise<{ stored: StoredEvent } | { stored: null; accepted: EventInput }> {
    const key = await findEventKey(pool, appId, id);
    const found = key && (await findEventOf(pool, { day: key.day, appId, id }));
    if (found) return { stored: found };
    const accepted = key ? null : await acceptedEvent(workflows, appId, id);
    if (accepted) return { stored: null, accepted: accepted.event };
    // It may have been opened between two of these looks.
    const stored = await findEvent(pool, appId, id);
    if (!stored) throw problems.notFound();
    return { stored };
  }

  /** An event that is known, without its deliveries. */
  async function knownSummary(appId: string, id: string) {
    const known = await lookUp(appId, id);
    if (!known.stored) return asAccepted(known.accepted);
    const workflowId = await workflowIdOf(pool, known.stored);
    return { ...known.stored, status: await eventStatusOf(pool, known.stored), workflowId };
  }

  /** An event is known from its 202 on, and waited for a little until it is opened. */
  async function knownEvent(app: App, id: string, profile: Profile) {
    const known = await lookUp(app.id, id);
    if (known.stored) return storedEventView(known.stored, app, profile);
    const look = () => findEvent(pool, app.id, id);
    const opened = await untilKnown(look);
    if (opened) return storedEventView(opened, app, profile);
    // Its id may have been forgotten sooner than its workflow, when a delivery had taken that long.
    const live = await workflows.describeEvent(app.id, id);
    if (live?.workflowStatus === 'running') return acceptedEventView(known.accepted, profile);
    const ended = await look();
    if (!ended) throw problems.notFound();
    return storedEventView(ended, app, profile);
  }

  /** Cancels the rest of one workflow's work for an event; in PostgreSQL, if the workflow is missing. */
  async function cancelOne(workflowId: string, event: StoredEvent | null) {
    if ((await workflows.cancel(workflowId)) === 'sent') return 'sent';
    return event ? cancelMissing(context, { workflowId, event }) : 'nothing_left';
  }

  /** The event with its newest deliveries and their newest attempts, all of one moment. */
  async function storedEventView(event: StoredEvent, app: App, profile: Profile) {
    return inSnapshot(pool, async (client) => {
      const { deliveries, total } = await newestDeliveriesOfEvent(client, event, SHOWN_DELIVERIES);
      const workflowId = await workflowIdOf(client, event);
      const views = await explainedDeliveries(context, client, { app, profile, workflowId }, deliveries, {
        each: SHOWN_ATTEMPTS,
        bytes: bytesForAttempts(event.body.length),
        cutAt: CUT_AT,
      });
      return {
        ...eventView({ ...event, status: await eventStatusOf(client, event), workflowId }),
        data: profile.dataOf(bodyOf(event.body)),
        deliveries: withinBounds(views, event.body.length),
        deliveries_total: total,
      };
    });
  }
}

function acceptedEventView(event: EventInput, { dataOf }: Profile) {
  return {
    ...eventView(asAccepted(event)),
    data: dataOf(event.envelope),
    deliveries: [],
    deliveries_total: 0,
  };
}

function asAccepted({ eventId: id, appId, eventType, acceptedAt }: EventInput) {
  const workflowId = eventWorkflowId(appId, id);
  return { id, appId, eventType, createdAt: new Date(acceptedAt), status: 'pending', workflowId } as const;
}
