import { LRUCache } from 'lru-cache';
import { findVersionedApp } from '../apps/apps.js';
import type { App } from '../../domain/app.js';
import type { Endpoint } from '../../domain/endpoint.js';
import { endpointsOfApp } from './endpoints.js';
import type { Pool } from '../database/pool.js';

/** An application with all its endpoints, oldest first. */
export interface Routes {
  readonly app: App;
  readonly endpoints: readonly Endpoint[];
  /** Another one as soon as a change of any of it has been committed; none comes again. */
  readonly version: string;
}

/** Where events go: read from the log's database, and remembered. */
export interface Routing {
  /**
   * As they were when they were read last. Whoever acts by them has the database confirm their version in the statement
   * that begins to act (`openEvents`, `beginFirstAttempts`). Null when the application is gone.
   */
  readonly of: (appId: string) => Promise<Routes | null>;
  /** Reads the current version, and the endpoints only if the version has changed. */
  readonly current: (appId: string) => Promise<Routes | null>;
}

/** Maximum cached endpoints, of all applications together. */
const REMEMBERED_ENDPOINTS = 20_000;

export function createRouting(pool: Pool): Routing {
  const known = new LRUCache<string, Routes>({
    maxSize: REMEMBERED_ENDPOINTS,
    sizeCalculation: ({ endpoints }) => 1 + endpoints.length,
  });
  /** By the version that was seen: whoever sees the same reads with the first. */
  const reading = new Map<string, Promise<Routes>>();

  const read = async (app: App, version: string): Promise<Routes> => {
    // After the version: endpoints that are newer than it are not confirmed by it, and none is older.
    const routes = { app, version, endpoints: await endpointsOfApp(pool, app.id) };
    known.set(app.id, routes);
    return routes;
  };

  const current = async (appId: string): Promise<Routes | null> => {
    const found = await findVersionedApp(pool, appId);
    if (!found) {
      known.delete(appId);
      return null;
    }
    const { app, version } = found;
    const before = known.get(appId);
    if (before?.version === version) return before;
    const begun = reading.get(version);
    if (begun) return begun;
    const routes = read(app, version).finally(() => reading.delete(version));
    reading.set(version, routes);
    return routes;
  };

  return { of: async (appId) => known.get(appId) ?? current(appId), current };
}
