import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, ProblemBody } from '../support/api-client.js';
import { document } from '../support/documented.js';
import { oneOfEverything, type Furnished } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** What is an application's does not exist for another's key, whatever the route. */

let posthorn: TestPosthorn;
let api: ApiClient;
let receiver: Receiver;
let theirs: Furnished;
let stranger: Furnished;
let before: unknown;

beforeAll(async () => {
  posthorn = await startTestPosthorn();
  api = posthorn.api;
  receiver = await Receiver.start();
  theirs = await oneOfEverything(api, receiver);
  stranger = await oneOfEverything(api, receiver);
  before = await everythingOf(theirs);
});
afterAll(async () => {
  await receiver.stop();
  await posthorn.stop();
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

/** `{app_id}` and the like filled in with the id of the collection before it. */
function filled(path: string, idOf: (collection: string) => string): string {
  const segments = path.split('/');
  return segments
    .map((segment, index) => (segment.startsWith('{') ? idOf(segments[index - 1] ?? '') : segment))
    .join('/');
}

// As it is served: /openapi.json is this document (openapi.test.ts).
const withIds = Object.entries(document.paths).flatMap(([path, operations]) =>
  path.includes('{') ? Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })) : [],
);
/** So that a body is not what keeps a call out. */
const BODIES: Record<string, unknown> = {
  'PATCH /v1/apps/{app_id}': { name: 'Mine now' },
  'POST /v1/apps/{app_id}/webhooks': { webhook: { url: 'https://example.com/' } },
  'PATCH /v1/apps/{app_id}/webhooks/{id}': { webhook: { description: 'Mine now' } },
  'POST /v1/apps/{app_id}/webhooks/{id}/recover': { since: '2026-04-16T12:00:00Z' },
  'POST /v1/apps/{app_id}/event-types': { name: 'parcel.lost' },
  'POST /v1/apps/{app_id}/events': { event_type: 'user.created', data: 1 },
};

describe("another application's key finds nothing", () => {
  it('on more than 30 routes', () => expect(withIds.length).toBeGreaterThan(30));

  it.each(withIds)('$method $path', async ({ method, path }) => {
    const body = BODIES[`${method} ${path}`];
    const call = { key: stranger.key, ...(body === undefined ? {} : { body }) };
    const foreign = filled(path, (collection) => theirs.ids[collection] ?? '');
    const answer = await api.call<ProblemBody>(method, foreign, call);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });

    // Nor under its own application. Administration is closed to it there, with or without such an id.
    const smuggled = filled(path, (collection) =>
      collection === 'apps' ? stranger.id : (theirs.ids[collection] ?? ''),
    );
    const ownedByName = path.endsWith('{event_type}');
    if (path.split('{').length > 2 && !ownedByName) {
      const own = await api.call<ProblemBody>(method, smuggled, call);
      expect(own.body.code).toBe(path.includes('/keys/') ? 'admin_only' : 'not_found');
    }
  });

  it('and has changed nothing', async () => {
    expect(await everythingOf(theirs)).toEqual(before);
  });
});
