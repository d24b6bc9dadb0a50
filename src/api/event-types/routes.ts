import { z } from 'zod';
import { inCatalogue } from '../../profiles/profile.js';
import {
  deleteEventType,
  eventTypesOfApp,
  insertEventType,
  lockAndMeasureEventTypes,
  type AppEventType,
} from '../../store/apps/event-types.js';
import type { ApiContext } from '../context.js';
import { pointerTo } from '../http/json-pointer.js';
import { leasesEnd } from '../../lib/leased-cache.js';
import { problems } from '../http/problem.js';
import { appRoute, type Route } from '../http/route.js';
import { MAX_EVENT_TYPE_BYTES, newEventTypeBody } from './requests.js';
import { appEventTypeView, catalogueEventTypeView, eventTypeAnswer } from './views.js';

/** They are all read when one is needed (and remembered on a lease), and listed on one page. */
const MAX_EVENT_TYPES = 1_000;
const MAX_SCHEMA_CHARACTERS = 1_048_576;

/** The event types that an application adds to its profile's catalogue. */
export function eventTypeRoutes({ pool, schemas, now }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/event-types',
      summary: 'Adds an event type of the application.',
      success: [201, z.object({ event_type: eventTypeAnswer })],
      conflicts: ['event_type_exists', 'event_type_limit_reached'],
      scopes: ['webhooks:write'],
      idempotencyKey: 'remembered',
      body: newEventTypeBody,
      example: {
        name: 'order.paid',
        description: 'An order has been paid.',
        schema: { type: 'object', required: ['order'], properties: { order: { type: 'integer' } } },
      },
      maxBodyBytes: MAX_EVENT_TYPE_BYTES,
      async handle({ app, profile, body, once }) {
        if (inCatalogue(profile, body.name)) throw problems.eventTypeExists(body.name);
        const problem = body.schema && (await schemas.problemWithSchema(app.id, JSON.stringify(body.schema)));
        if (problem) {
          const pointer = pointerTo(['schema', ...problem.path]);
          throw problems.validationFailed([{ pointer, detail: problem.detail }]);
        }
        const type: AppEventType = {
          appId: app.id,
          name: body.name,
          description: body.description ?? null,
          schema: body.schema ?? null,
          createdAt: now(),
        };
        const answer = await once.inTransaction(async (client) => {
          const before = await lockAndMeasureEventTypes(client, app.id);
          if (!before) throw problems.notFound();
          // Before the limits, which undo it: a name that is taken is the better answer.
          if (!(await insertEventType(client, type))) throw problems.eventTypeExists(body.name);
          assertRoomFor(type, before);
          return { event_type: appEventTypeView(type) };
        });
        await leasesEnd();
        return answer;
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/event-types',
      summary: "Lists the profile's event types, then the application's own.",
      success: [200, z.object({ event_types: z.array(eventTypeAnswer) })],
      scopes: ['webhooks:read'],
      async handle({ app, profile }) {
        const added = await eventTypesOfApp(pool, app.id);
        // A later version's catalogue may have a name that the application had before: its schema holds all the same.
        const schemaOf = (name: string) => added.find((type) => type.name === name)?.schema ?? null;
        const types = [
          ...(profile.catalogue ?? []).map((type) => catalogueEventTypeView(type, schemaOf(type.name))),
          ...added.filter(({ name }) => !inCatalogue(profile, name)).map(appEventTypeView),
        ];
        return { event_types: types };
      },
    }),
    appRoute({
      method: 'delete',
      path: '/v1/apps/:app_id/event-types/:event_type',
      summary: "Deletes one of the application's own event types.",
      success: [204, null],
      conflicts: ['event_type_in_catalogue'],
      scopes: ['webhooks:write'],
      async handle({ app, profile, params }) {
        const name = params.event_type ?? '';
        const deleted = await deleteEventType(pool, app.id, name);
        if (!deleted) {
          throw inCatalogue(profile, name) ? problems.eventTypeInCatalogue(name) : problems.notFound();
        }
        await leasesEnd();
        return undefined;
      },
    }),
  ];
}

/** @throws Problem 409 */
function assertRoomFor(type: AppEventType, before: { count: number; schemaCharacters: number }): void {
  if (before.count >= MAX_EVENT_TYPES) {
    throw problems.eventTypeLimitReached(`${MAX_EVENT_TYPES} event types of its own`);
  }
  const characters = type.schema ? JSON.stringify(type.schema).length : 0;
  if (before.schemaCharacters + characters > MAX_SCHEMA_CHARACTERS) {
    throw problems.eventTypeLimitReached(
      `${MAX_SCHEMA_CHARACTERS} characters in the schemas of its event types together`,
    );
  }
}
