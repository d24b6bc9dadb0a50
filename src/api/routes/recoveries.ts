import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { uuidFrom } from '../../uuid.js';
import type { ApiContext } from '../context.js';
import { existingEndpoint } from '../endpoint-changes.js';
import { idempotencyBytes } from '../idempotency-key.js';
import { problems } from '../problem.js';
import { beginRecovery, changeRecovery, existingRecovery } from '../recoveries.js';
import { appRoute, type Route } from '../route.js';
import { recoverBody } from '../schemas/recoveries.js';
import { jobAnswer, jobView } from '../views/deliveries.js';

/** What each of the routes makes of a recovery. */
const STATES = {
  pause: { state: 'paused', summary: 'Pauses a recovery.' },
  resume: { state: 'running', summary: 'Lets a paused recovery go on.' },
  cancel: { state: 'cancelled', summary: 'Ends a recovery; what it has handed over is delivered.' },
} as const;

/** Having the events of a window delivered to an endpoint anew, and what became of that. */
export function recoveryRoutes(context: ApiContext): Route[] {
  const job = z.object({ job: jobAnswer });
  const jobPath = '/v1/apps/:app_id/webhooks/:id/jobs/:job_id';
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/:id/recover',
      summary: 'Delivers the events of a window to an endpoint anew.',
      success: [202, job],
      idempotent: true,
      conflicts: ['endpoint_paused', 'endpoint_disabled'],
      scopes: ['webhooks:write'],
      body: recoverBody,
      async handle({ app, params, body: { since, until, status }, idempotencyKey }) {
        const now = context.now();
        if (since > now) {
          throw problems.validationFailed([{ pointer: '/since', detail: 'must not be in the future' }]);
        }
        const endpoint = await existingEndpoint(context, app, params.id);
        // The same key for another window means another recovery.
        const window = [since.toISOString(), until?.toISOString() ?? '', status];
        const keyBytes = idempotencyBytes(idempotencyKey, 'recover', app.id, endpoint.id, ...window);
        const job = await beginRecovery(context, app, endpoint, {
          id: keyBytes ? uuidFrom(keyBytes, 8) : randomUUID(),
          since,
          // What comes from now on is delivered anyway.
          until: until && until < now ? until : now,
          choice: status,
        });
        return { job: jobView(job) };
      },
    }),
    appRoute({
      method: 'get',
      path: jobPath,
      summary: 'Gives a recovery with its progress.',
      success: [200, job],
      scopes: ['webhooks:read'],
      async handle({ app, params }) {
        const endpoint = await existingEndpoint(context, app, params.id);
        const job = await existingRecovery(context, endpoint, params.job_id);
        return { job: jobView(job) };
      },
    }),
    ...Object.entries(STATES).map(([action, { state, summary }]) =>
      appRoute({
        method: 'post',
        path: `${jobPath}/${action}`,
        summary,
        success: [200, job],
        conflicts: ['already_finished'],
        scopes: ['webhooks:write'],
        async handle({ app, params }) {
          const endpoint = await existingEndpoint(context, app, params.id);
          const job = await changeRecovery(context, endpoint, params.job_id, state);
          return { job: jobView(job) };
        },
      }),
    ),
  ];
}
