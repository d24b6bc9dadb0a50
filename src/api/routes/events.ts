import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { attemptsOf } from '../../store/attempts.js';
import { eventWorkflowId } from '../../temporal/event-workflows.js';
import { deliveriesOfEvent, openWorkflows } from '../../store/deliveries.js';
import {
  EVENT_STATUSES,
  eventStatusOf,
  findEvent,
  listEvents,
  type StoredEvent,
} from '../../store/events.js';
import { inSnapshot } from '../../store/pool.js';
import type { EventInput } from '../../workflows/contract.js';
import { acceptEvent } from '../accept-event.js';
import type { ApiContext } from '../context.js';
import { IDEMPOTENCY_KEY, idempotencyBytes } from '../idempotency-key.js';
import { eventPageQuery, pageOf } from '../pagination.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { eventTypeParameter } from '../schemas/event-types.js';
import { newEventBody } from '../schemas/events.js';
import { timeText } from '../schemas/fields.js';
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
      idempotent: true,
      conflicts: ['event_conflict'],
      scopes: ['events:write'],
      body: newEventBody,
      async handle({ app, profile, body, idempotencyKey }) {
        const keyBytes = idempotencyBytes(idempotencyKey, app.id);
        const derived = keyBytes && profile.eventId.fromBytes(keyBytes);
        const event = await acceptEvent(context, app, {
          id: body.id ?? derived ?? profile.eventId.fromBytes(randomBytes(32)),
          eventType: body.event_type,
          data: body.data,
          attributes: body.attributes,
          deliverAt: body.deliver_at,
          expiresAt: body.expires_at,
          ...(body.id !== undefined
            ? { namedBy: { pointer: '/id' } }
            : derived !== undefined
              ? { namedBy: { parameter: IDEMPOTENCY_KEY } }
              : {}),
        });
        return { event: eventView(event) };
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/events/:event_id/cancel',
      summary: 'Ends the deliveries of an event before their next attempt.',
      success: [202, z.object({ event: eventAnswer })],
      conflicts: ['already_finished'],
      scopes: ['events:write'],
      async handle({ app, params }) {
        const id = params.event_id ?? '';
        const stored = await findEvent(pool, app.id, id);
        const accepted = stored ? null : await workflows.findEvent(app.id, id);
        if (!stored && !accepted) throw problems.notFound();
        const open = stored ? await openWorkflows(pool, stored) : [eventWorkflowId(app.id, id)];
        const sent = await Promise.all(open.map((workflowId) => workflows.cancel(workflowId)));
        if (!sent.includes('sent')) throw problems.alreadyFinished('event');
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
      async handle({ app, params, query }) {
        const id = params.event_id ?? '';
        const event = await knownEvent(app.id, id);
        const live = query.live ? { live: liveView(await workflows.describeEvent(app.id, id)) } : {};
        return { event: { ...event, ...live } };
      },
    }),
  ];

  /** An event that is known, without its deliveries. */
  async function knownSummary(appId: string, id: string) {
    const event = await findEvent(pool, appId, id);
    if (event) return { ...event, status: await eventStatusOf(pool, event) };
    const accepted = await workflows.findEvent(appId, id);
    if (!accepted) throw problems.notFound();
    return acceptedEvent(accepted);
  }

  /** An event is known from its 202 on: from the log, or, until it is opened, from the start of its workflow. */
  async function knownEvent(appId: string, id: string) {
    const look = () => findEvent(pool, appId, id);
    const stored = await look();
    if (stored) return storedEventView(stored);
    const accepted = await workflows.findEvent(appId, id);
    const opened = accepted ? await untilKnown(look) : await look();
    if (opened) return storedEventView(opened);
    if (!accepted) throw problems.notFound();
    return acceptedEventView(accepted);
  }

  /** The event with its deliveries and attempts, all of one moment. */
  async function storedEventView(event: StoredEvent) {
    return inSnapshot(pool, async (client) => {
      const deliveries = await deliveriesOfEvent(client, event);
      const ids = deliveries.map((delivery) => delivery.id);
      const attempts = await attemptsOf(client, event.day, ids);
      return {
        ...eventView({ ...event, status: await eventStatusOf(client, event) }),
        data: dataOf(event.body),
        deliveries: deliveries.map((delivery) => ({
          ...deliveryView(delivery),
          attempts: (attempts.get(delivery.id) ?? []).map(attemptView),
        })),
      };
    });
  }
}

function acceptedEventView(event: EventInput) {
  return {
    ...eventView(acceptedEvent(event)),
    data: event.envelope.data,
    deliveries: [],
  };
}

function acceptedEvent({ eventId: id, appId, eventType, acceptedAt }: EventInput) {
  return { id, appId, eventType, createdAt: new Date(acceptedAt), status: 'pending' } as const;
}

/** Every profile's body has the event's data under `data`. */
function dataOf(body: Buffer): unknown {
  return (JSON.parse(body.toString()) as { data: unknown }).data;
}
