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
        const { postgresql, temporal, worker } = await readiness();
        const ready = postgresql && temporal && worker;
        const checks = {
          postgresql: postgresql ? 'ok' : 'cannot be reached',
          temporal: temporal ? 'ok' : 'cannot be reached',
          worker: worker ? 'ok' : 'no worker polls the task queues',
        };
        return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', checks } };
      },
    }),
  ];
}
