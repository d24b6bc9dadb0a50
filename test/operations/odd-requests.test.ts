import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Route } from '../../src/api/http/route.js';
import { document } from '../support/documented.js';
import { oneOfEverything, type Furnished } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { allRoutes, filled, nameOf } from '../support/routes.js';
import { scaled } from '../support/scale.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/**
 * Whatever stands where the document has paths, parameters and bodies: an answer that the document has, and none that
 * says that it is our fault.
 */

const RUNS = scaled(15, 500);

const posthorn = sharedPosthorn();
let receiver: Receiver;
let app: Furnished;
let foreign: Furnished;
const statuses = new Set<number>();
beforeAll(async () => {
  receiver = await Receiver.start();
  app = await oneOfEverything(posthorn.api, receiver);
  foreign = await oneOfEverything(posthorn.api, receiver);
});
afterAll(() => {
  expect(posthorn.log.filter((line) => line.includes('"a request failed"'))).toEqual([]);
  // So far in did they come.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 202, 400, 401, 404, 409, 422]));
});

const oddText = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e999',
    'null',
    'true',
    '[]',
    '%',
    '%00',
    '..',
    '*',
    'order.paid',
    '😀',
    'ä',
  ),
  fc.constantFrom(
    '2026-04-16T12:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-02-30T00:00:00Z',
  ),
  fc.constantFrom('minute', 'day', 'failed', 'cancelled', 'at_capacity', 'recover', 'event.accepted'),
  fc.uuid(),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** By what the caller shows who it is: the administrator, its own key, another application's, nothing, anything. */
const someKey = fc.constantFrom('admin', 'own', 'foreign', 'none', 'odd');
const keyOf = (which: string): string | null =>
  ({ admin: posthorn.adminKey, own: app.key, foreign: foreign.key, odd: 'odd' })[which] ?? null;

/** JSON with one of its members, at any depth, replaced, removed or added. */
function changed(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return fc.oneof(fc.jsonValue(), oddText);
  const names = Object.keys(value);
  const member = names.length === 0 ? fc.constant('odd') : fc.constantFrom(...names, 'odd');
  return member.chain((name) => {
    const { [name]: old, ...others } = value as Record<string, unknown>;
    const put = (given: unknown) =>
      Array.isArray(value) ? [...(value as unknown[]), given] : { ...others, [name]: given };
    return fc.oneof(fc.constant(others), changed(old).map(put));
  });
}

interface Odd {
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
}

function requestOf(route: Route): fc.Arbitrary<Odd> {
  const documentedPath = route.path.replaceAll(/:(\w+)/g, '{$1}');
  const parameters = document.paths[documentedPath]?.[route.method]?.parameters ?? [];
  const names = parameters.flatMap(({ in: where, name }) => (where === 'query' ? [name] : []));
  const isStream = route.path.endsWith('/stream');
  const query = fc
    .record(Object.fromEntries([...names, 'odd'].map((name) => [name, oddText])), { requiredKeys: [] })
    // A stream that opens does not end.
    .map((given) => (isStream ? { ...given, kinds: `odd${given.kinds ?? ''}` } : given));
  // Receivers are on this machine alone.
  const example = JSON.parse(
    JSON.stringify(route.example ?? {}).replaceAll('https://example.com/hooks', receiver.url),
  ) as unknown;
  const body = fc.oneof(fc.constant(example), changed(example), fc.jsonValue());
  // What others need is not deleted.
  const id = route.method === 'delete' ? fc.constant('odd') : fc.constantFrom('own', 'foreign', 'odd');
  return fc
    .record({ id, odd: oddText, query, key: someKey, body, isPlain: fc.boolean() })
    .map(({ id: whose, odd, query: given, key, body: sent, isPlain }) => {
      const idOf = (collection: string) => {
        if (collection === 'apps') return whose === 'foreign' ? foreign.id : app.id;
        const ids = whose === 'own' ? app.ids : whose === 'foreign' ? foreign.ids : {};
        // URLs drop `.` and `..`, escaped or not: the request would be another route's.
        return ids[collection] ?? (/^\.{0,2}$/.test(odd) ? 'odd' : encodeURIComponent(odd));
      };
      const isWhole = route.method === 'delete' && route.path === '/v1/apps/:app_id';
      const path = isWhole ? '/v1/apps/odd' : filled(route.path, idOf);
      const search =
        isPlain && !isStream ? '' : `?${new URLSearchParams(given as Record<string, string>).toString()}`;
      return { path: path + search, key, body: route.body ? sent : undefined };
    });
}

it.each(allRoutes.map((route) => [nameOf(route), route] as const))(
  '%s',
  async (_name, route) => {
    const { method } = route;
    const answer = async ({ path, key, body }: Odd) => {
      // The client compares every answer with the document.
      const given = { key: keyOf(key), ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const { status } = await posthorn.api.call(method.toUpperCase(), path, given);
      statuses.add(status);
      expect(status).toBeLessThan(500);
    };
    await fc.assert(fc.asyncProperty(requestOf(route), answer), { numRuns: RUNS });
  },
  scaled(60_000, 600_000),
);
