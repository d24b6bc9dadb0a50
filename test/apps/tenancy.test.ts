import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../src/api/http/route.js';
import type { ProblemBody } from '../support/api-client.js';
import { document } from '../support/documented.js';
import { oneOfEverything, type Furnished } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { allRoutes, callOf, filled, nameOf, parametersOf } from '../support/routes.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What is an application's does not exist for another's key, whatever the route. */

const { api } = sharedPosthorn();
let receiver: Receiver;
let theirs: Furnished;
let stranger: Furnished;
let before: unknown;

beforeAll(async () => {
  receiver = await Receiver.start();
  theirs = await oneOfEverything(api, receiver);
  stranger = await oneOfEverything(api, receiver);
  await api.expect(204, 'DELETE', `/v1/apps/${stranger.id}/event-types/${stranger.ids['event-types']}`);
  before = await everythingOf(theirs);
});

/** Of an application, all that can be read of it. */
async function everythingOf({ id, ids }: Furnished): Promise<unknown> {
  const path = `/v1/apps/${id}`;
  const webhook = `${path}/webhooks/${ids.webhooks}`;
  const all = ['', '/webhooks', '/keys', '/event-types', '/events', `/events/${ids.events}`].map(
    (rest) => path + rest,
  );
  return Promise.all(
    [...all, `${webhook}/secret`, `${webhook}/deliveries`, `${webhook}/jobs/${ids.jobs}`].map((each) =>
      api.expect(200, 'GET', each),
    ),
  );
}

// The document is what is served as /openapi.json (openapi.test.ts).
const withIds = Object.entries(document.paths).flatMap(([path, operations]) =>
  path.includes('{')
    ? Object.keys(operations).map((method) => [`${method.toUpperCase()} ${path}`] as const)
    : [],
);

/** The route that the document calls so. */
function routeBy(name: string): Route {
  const route = allRoutes.find((each) => nameOf(each) === name.replaceAll(/\{(\w+)\}/g, ':$1'));
  if (!route) throw new Error(`there is no route ${name}`);
  return route;
}

function idOf({ ids }: Furnished, collection: string): string {
  const id = ids[collection];
  if (id === undefined) throw new Error(`there is nothing in ${collection}`);
  return id;
}

describe("another application's key finds nothing", () => {
  it('on more than 30 routes', () => expect(withIds.length).toBeGreaterThan(30));

  it.each(withIds)('%s', async (name) => {
    const route = routeBy(name);
    const method = route.method.toUpperCase();
    const foreign = filled(route.path, (collection) => idOf(theirs, collection));
    const answer = await api.call<ProblemBody>(method, foreign, callOf(route, stranger.key));
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });

    // Nor under its own application, where it has no event type by that name.
    if (parametersOf(route.path).length === 1) return;
    const smuggled = filled(route.path, (collection) =>
      collection === 'apps' ? stranger.id : idOf(theirs, collection),
    );
    const own = await api.call<ProblemBody>(method, smuggled, callOf(route, stranger.key));
    // Administration is closed to it, with or without such an id.
    expect(own.body.code).toBe(route.access === 'admin' ? 'admin_only' : 'not_found');
    // The administrator sees no more under the wrong application.
    expect(await api.call(method, smuggled, callOf(route))).toMatchObject({ status: 404 });
  });

  it('and has changed nothing', async () => {
    expect(await everythingOf(theirs)).toEqual(before);
  });
});
