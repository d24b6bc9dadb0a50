import type { ApiContext } from '../../src/api/context.js';
import type { Call } from './api-client.js';
import type { Route } from '../../src/api/http/route.js';
import { createRoutes } from '../../src/api/routes.js';

/** Every route that the API mounts: new ones are in every test that goes through this list. */
export const allRoutes: readonly Route[] = createRoutes({} as ApiContext);

export function nameOf({ method, path }: Route): string {
  return `${method.toUpperCase()} ${path}`;
}

/** A call of a route, with what it must be sent. */
export function callOf(route: Route, key?: string): Call {
  const body = route.body && !route.bodyOptional ? route.example : undefined;
  return { ...(key === undefined ? {} : { key }), ...(body === undefined ? {} : { body }) };
}

/** The names of a path's parameters, each with the collection that it is an id of: `webhooks`, `events`, … */
export function parametersOf(path: string): { name: string; collection: string }[] {
  const segments = path.split('/');
  return segments.flatMap((segment, index) =>
    segment.startsWith(':') ? [{ name: segment.slice(1), collection: segments[index - 1] ?? '' }] : [],
  );
}

/** A path with its parameters filled in, by the collection they are ids of. */
export function filled(path: string, idOf: (collection: string) => string): string {
  return parametersOf(path).reduce(
    (filledSoFar, { name, collection }) => filledSoFar.replace(`:${name}`, idOf(collection)),
    path,
  );
}
