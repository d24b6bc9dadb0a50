import { z } from 'zod';
import type { NotNow } from '../../store/database/errors.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { route, type Route } from '../http/route.js';

const POSTGRESQL: Readonly<Record<'ok' | NotNow, string>> = {
  ok: 'ok',
  away: 'cannot be reached',
  read_only: 'is read-only',
  busy: 'is too busy, or all connections to it are in use',
};

export function operationRoutes({ readiness }: ApiContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/startedz',
      summary: 'Answers 200 while this process takes requests, whatever PostgreSQL and Temporal do.',
      success: [200, z.object({ status: z.literal('started') })],
      access: 'public',
      handle: () => Promise.resolve({ status: 'started' as const }),
    }),
    route({
      method: 'get',
      path: '/healthz',
      summary: 'Answers 200 while this process lives.',
      success: [200, z.object({ status: z.literal('ok') })],
      access: 'public',
      handle: () => Promise.resolve({ status: 'ok' as const }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      summary: 'Answers 200 when PostgreSQL takes changes, Temporal answers, and a worker polls.',
      success: [200, z.object({ status: z.literal('ready'), checks: z.record(z.string(), z.string()) })],
      access: 'public',
      async handle() {
        const { postgresql, temporal, worker } = await readiness();
        const checks = {
          postgresql: POSTGRESQL[postgresql],
          temporal: temporal ? 'ok' : 'cannot be reached',
          worker: worker ? 'ok' : 'no worker polls the task queues',
        };
        if (postgresql !== 'ok' || !temporal || !worker) throw problems.notReady(checks);
        return { status: 'ready' as const, checks };
      },
    }),
  ];
}
