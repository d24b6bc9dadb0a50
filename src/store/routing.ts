import { Remembered } from '../remembered.js';
import { findApp, type App } from './apps.js';
import type { Endpoint } from './endpoint.js';
import { endpointsOfApp } from './endpoints.js';
import type { Pool } from './pool.js';

/** An application with all its endpoints, oldest first; null when it is gone. */
export interface Routes {
  readonly app: App | null;
  readonly endpoints: readonly Endpoint[];
}

/** Where events come from and go: read from the log's database, and remembered for a moment. */
export interface Routing {
  /** An application alone; null when there is none. */
  appOf(appId: string): Promise<App | null>;
  of(appId: string): Promise<Routes>;
  /** As it is now. */
  ofNow(appId: string): Promise<Routes>;
  /** After a change of an application or its endpoints that was made in this process. */
  forget(appId: string): void;
}

/** A change is seen in other processes after no longer than this; in this one at once. */
const REMEMBER_MS = 500;
/** Of all applications together. */
const REMEMBERED_ENDPOINTS = 20_000;
const REMEMBERED_APPS = 10_000;

export function createRouting(pool: Pool): Routing {
  const read = async (appId: string): Promise<Routes> => {
    const [app, endpoints] = await Promise.all([findApp(pool, appId), endpointsOfApp(pool, appId)]);
    return { app, endpoints };
  };
  const remembered = new Remembered<Routes>({
    read,
    forMs: REMEMBER_MS,
    mostSize: REMEMBERED_ENDPOINTS,
    sizeOf: ({ endpoints }) => 1 + endpoints.length,
  });
  const apps = new Remembered<{ readonly app: App | null }>({
    read: async (appId) => ({ app: await findApp(pool, appId) }),
    forMs: REMEMBER_MS,
    mostSize: REMEMBERED_APPS,
    sizeOf: () => 1,
  });
  const forget = (appId: string) => {
    remembered.forget(appId);
    apps.forget(appId);
  };
  return {
    appOf: async (appId) => (await apps.of(appId)).app,
    of: (appId) => remembered.of(appId),
    ofNow(appId) {
      remembered.forget(appId);
      return remembered.of(appId);
    },
    forget,
  };
}
