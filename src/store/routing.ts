import { Remembered } from '../remembered.js';
import { findApp, type App } from './apps.js';
import type { Endpoint } from './endpoint.js';
import { endpointsOfApp } from './endpoints.js';
import type { Pool } from './pool.js';

/** An application with all its endpoints, oldest first. */
export interface Routes {
  readonly app: App;
  readonly endpoints: readonly Endpoint[];
}

/** Where events come from and go: read from the log's database, and remembered for a moment. */
export interface Routing {
  /** An application alone; null when there is none. */
  appOf(appId: string): Promise<App | null>;
  /** Null when the application is gone. */
  of(appId: string): Promise<Routes | null>;
  /** As it is now. */
  ofNow(appId: string): Promise<Routes | null>;
  /** After a change of an application or its endpoints that was made in this process. */
  forget(appId: string): void;
}

/** A change is seen in other processes after no longer than this; in this one at once. */
const REMEMBER_MS = 500;
/** Of all applications together. */
const REMEMBERED_ENDPOINTS = 20_000;
const REMEMBERED_APPS = 10_000;

export function createRouting(pool: Pool): Routing {
  const routes = new Remembered<{ readonly found: Routes | null }>({
    read: async (appId) => {
      const [app, endpoints] = await Promise.all([findApp(pool, appId), endpointsOfApp(pool, appId)]);
      return { found: app && { app, endpoints } };
    },
    forMs: REMEMBER_MS,
    mostSize: REMEMBERED_ENDPOINTS,
    sizeOf: ({ found }) => 1 + (found?.endpoints.length ?? 0),
  });
  const apps = new Remembered<{ readonly found: App | null }>({
    read: async (appId) => ({ found: await findApp(pool, appId) }),
    forMs: REMEMBER_MS,
    mostSize: REMEMBERED_APPS,
    sizeOf: () => 1,
  });
  const of = async (appId: string) => (await routes.of(appId)).found;
  return {
    appOf: async (appId) => (await apps.of(appId)).found,
    of,
    ofNow(appId) {
      routes.forget(appId);
      return of(appId);
    },
    forget(appId) {
      routes.forget(appId);
      apps.forget(appId);
    },
  };
}
