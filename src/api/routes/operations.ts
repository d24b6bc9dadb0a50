import type { ApiContext } from '../context.js';
import { route, type Route } from '../route.js';

export function operationRoutes({ readiness }: ApiContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/healthz',
      access: 'public',
      handle: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      access: 'public',
      async handle() {
        const parts = await readiness();
        const ready = Object.values(parts).every((problem) => problem === null);
        const checks = Object.fromEntries(
          Object.entries(parts).map(([name, problem]) => [name, problem ?? 'ok']),
        );
        return {
          status: ready ? 200 : 503,
          body: { status: ready ? 'ready' : 'not_ready', checks },
        };
      },
    }),
  ];
}
