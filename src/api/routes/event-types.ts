import type { CatalogueEntry } from '../../profiles/profile.js';
import {
  deleteEventType,
  eventTypesOfApp,
  insertEventType,
  lockAndCountEventTypes,
  type OwnEventType,
} from '../../store/event-types.js';
import { inTransaction } from '../../store/pool.js';
import type { ApiContext } from '../context.js';
import { problems } from '../problem.js';
import { appRoute, type Route } from '../route.js';
import { newEventTypeBody } from '../schemas/event-types.js';
import { catalogueTypeView, ownEventTypeView } from '../views.js';

/** They are read with every submission, and listed on one page. */
const MAX_OWN_EVENT_TYPES = 1_000;

/** Event types of an application's own, beside those of its profile's catalogue. */
export function eventTypeRoutes({ pool, eventTypes }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/event-types',
      scopes: ['webhooks:write'],
      body: newEventTypeBody,
      async handle({ app, profile, body }) {
        if (isInCatalogue(profile.catalogue, body.name)) throw problems.eventTypeExists(body.name);
        const type: OwnEventType = {
          appId: app.id,
          name: body.name,
          description: body.description ?? null,
          schema: body.schema ?? null,
          createdAt: new Date(),
        };
        await inTransaction(pool, async (client) => {
          const count = await lockAndCountEventTypes(client, app.id);
          if (count === null) throw problems.notFound();
          if (!(await insertEventType(client, type))) throw problems.eventTypeExists(body.name);
          if (count >= MAX_OWN_EVENT_TYPES) throw problems.eventTypeLimitReached(MAX_OWN_EVENT_TYPES);
        });
        eventTypes.forget(app.id);
        return { status: 201, body: { event_type: ownEventTypeView(type) } };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/event-types',
      scopes: ['webhooks:read'],
      async handle({ app, profile }) {
        const own = await eventTypesOfApp(pool, app.id);
        const types = [...(profile.catalogue ?? []).map(catalogueTypeView), ...own.map(ownEventTypeView)];
        return { status: 200, body: { event_types: types } };
      },
    }),
    appRoute({
      method: 'delete',
      path: '/v1/apps/:app_id/event-types/:event_type',
      scopes: ['webhooks:write'],
      async handle({ app, profile, params }) {
        const name = params.event_type ?? '';
        if (isInCatalogue(profile.catalogue, name)) throw problems.eventTypeInCatalogue(name);
        if (!(await deleteEventType(pool, app.id, name))) throw problems.notFound();
        eventTypes.forget(app.id);
        return { status: 204 };
      },
    }),
  ];
}

function isInCatalogue(catalogue: readonly CatalogueEntry[] | null, name: string): boolean {
  return catalogue?.some((entry) => entry.name === name) ?? false;
}
