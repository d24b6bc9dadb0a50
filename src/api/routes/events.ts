import { z } from 'zod';
import { bodyOf } from '../../delivery/event-input.js';
import type { Profile } from '../../profiles/profile.js';
import { attemptsOf } from '../../store/attempts.js';
import { eventWorkflowId } from '../../temporal/workflow-ids.js';
import { deliveriesOfEvent } from '../../store/deliveries.js';
import {
  EVENT_STATUSES,
  eventStatusOf,
  findEvent,
  findEventKey,
  findEventOf,
  listEvents,
  type StoredEvent,
} from '../../store/events.js';
import { inSnapshot } from '../../store/pool.js';
import { isCarried, type EventInput } from '../../workflows/contract.js';
import { acceptBatch } from '../accept-batch.js';
import { acceptEvent } from '../accept-event.js';
import type { ApiContext } from '../context.js';
import { idempotencyBytes } from '../idempotency-key.js';
import { eventPageQuery, pageOf } from '../pagination.js';
import { mayLackWorkflow } from '../may-lack-workflow.js';
import { problems } from '../problem.js';
import { MAX_SUBMISSION_BYTES } from '../request.js';
import { appRoute, type Route } from '../route.js';
import { eventTypeParameter } from '../schemas/event-types.js';
import { newBatchBody, newEventBody } from '../schemas/events.js';
import { timeText } from '../schemas/fields.js';
import { submittedEvent } from '../submitted-event.js';
import { untilKnown } from '../until-known.js';
import { attemptView, deliveryView } from '../views/deliveries.js';
import { eventAnswer, eventView, liveView, wholeEventAnswer } from '../views/events.js';
import { page } from '../views/fields.js';

export function eventRoutes(context: ApiContext): Route[] {
  const { pool, workflows } = context;
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events',
      summary: 'Submits an event. The answer means that it is durable.',
      success: [202, z.object({ event: eventAnswer })],
      idempotencyKey: 'names_events',
      maxBodyBytes: MAX_SUBMISSION_BYTES,
      conflicts: ['event_conflict', 'event_dropped'],
      scopes: ['events:write'],
      body: newEventBody,
      async handle({ app, profile, body, idempotencyKey }) {
        const keyBytes = idempotencyBytes(idempotencyKey, app.id);
        const event = await acceptEvent(context, app, submittedEvent(profile, body, keyBytes, []));
        return { event: eventView(event) };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events/batch',
      summary: 'Submits events together, all or none. The answer means that they are durable.',
      success: [202, z.object({ events: z.array(eventAnswer) })],
      idempotencyKey: 'names_events',
      maxBodyBytes: MAX_SUBMISSION_BYTES,
      conflicts: ['event_conflict', 'event_dropped'],
      scopes: ['events:write'],
      body: newBatchBody,
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
      summary: 'Ends the deliveries of an event before their next attempt.',
      success: [202, z.object({ event: eventAnswer })],
      idempotencyKey: 'refused',
      conflicts: ['already_finished'],
      scopes: ['events:write'],
      async handle({ app, params }) {
        const id = params.event_id ?? '';
        const { stored } = await lookUp(app.id, id);
        // What a batch has just opened may be without a workflow of its own for a moment.
        const cancelled = await untilKnown(async () => {
          const open = stored ? await openDeliveries(stored) : [];
          const ids = stored ? open.map(({ workflowId }) => workflowId) : [eventWorkflowId(app.id, id)];
          const sent = await Promise.all([...new Set(ids)].map((workflowId) => workflows.cancel(workflowId)));
          if (sent.includes('sent')) return 'sent';
          return open.some(mayLackWorkflow) ? null : 'finished';
        });
        if (cancelled === null) throw problems.beingOpened();
        if (cancelled === 'finished') throw problems.alreadyFinished('event');
        // What waits is cancelled at once; an attempt in flight is finished first.
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
      query: z.strictObject({
        ...eventPageQuery,
        event_type: eventTypeParameter.optional(),
        status: z.enum(EVENT_STATUSES).optional(),
        since: timeText.optional(),
        until: timeText.optional(),
      }),
      async handle({ app, query }) {
        const filter = { ...query, eventType: query.event_type };
        const { rows, nextCursor } = await pageOf(query, (request) =>
          listEvents(pool, app.id, filter, request),
        );
        return { events: rows.map(eventView), next_cursor: nextCursor };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/events/:event_id',
      summary: 'Gives an event with its deliveries and attempts.',
      success: [200, z.object({ event: wholeEventAnswer })],
      scopes: ['events:read'],
      query: z.strictObject({ live: z.stringbool().default(false) }),
      async handle({ app, profile, params, query }) {
        const id = params.event_id ?? '';
        const event = await knownEvent(app.id, id, profile);
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
    const accepted = key ? null : await workflows.findEvent(appId, id);
    // What a batch has opened is in the log, or was.
    if (accepted && !isCarried(accepted)) return { stored: null, accepted };
    // It may have been opened between two of these looks.
    const stored = await findEvent(pool, appId, id);
    if (!stored) throw problems.notFound();
    return { stored };
  }

  /** An event that is known, without its deliveries. */
  async function knownSummary(appId: string, id: string) {
    const known = await lookUp(appId, id);
    if (!known.stored) return acceptedEvent(known.accepted);
    return { ...known.stored, status: await eventStatusOf(pool, known.stored) };
  }

  /** An event is known from its 202 on, and waited for a little until it is opened. */
  async function knownEvent(appId: string, id: string, { dataOf }: Profile) {
    const known = await lookUp(appId, id);
    if (known.stored) return storedEventView(known.stored, dataOf);
    const look = () => findEvent(pool, appId, id);
    const opened = await untilKnown(look);
    if (opened) return storedEventView(opened, dataOf);
    // Its id may have been forgotten sooner than its workflow, when a delivery had taken that long.
    const live = await workflows.describeEvent(appId, id);
    if (live?.workflowStatus === 'running') return acceptedEventView(known.accepted, dataOf);
    const ended = await look();
    if (!ended) throw problems.notFound();
    return storedEventView(ended, dataOf);
  }

  /** Those of an event's deliveries that have not ended. */
  async function openDeliveries(event: StoredEvent) {
    const deliveries = await deliveriesOfEvent(pool, event);
    return deliveries.filter(({ completedAt }) => completedAt === null);
  }

  /** The event with its deliveries and attempts, all of one moment. */
  async function storedEventView(event: StoredEvent, dataOf: Profile['dataOf']) {
    return inSnapshot(pool, async (client) => {
      const deliveries = await deliveriesOfEvent(client, event);
      const ids = deliveries.map((delivery) => delivery.id);
      const attempts = await attemptsOf(client, event.day, ids);
      return {
        ...eventView({ ...event, status: await eventStatusOf(client, event) }),
        data: dataOf(bodyOf(event.body)),
        deliveries: deliveries.map((delivery) => ({
          ...deliveryView(delivery),
          attempts: (attempts.get(delivery.id) ?? []).map(attemptView),
        })),
      };
    });
  }
}

function acceptedEventView(event: EventInput, dataOf: Profile['dataOf']) {
  return {
    ...eventView(acceptedEvent(event)),
    data: dataOf(event.envelope),
    deliveries: [],
  };
}

function acceptedEvent({ eventId: id, appId, eventType, acceptedAt }: EventInput) {
  return { id, appId, eventType, createdAt: new Date(acceptedAt), status: 'pending' } as const;
}
