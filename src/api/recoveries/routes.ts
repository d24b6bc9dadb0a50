import { z } from 'zod';
import { afterCommit } from '../after-commit.js';
import type { ApiContext } from '../context.js';
import { existingEndpoint } from '../endpoints/endpoint-changes.js';
import { problems } from '../http/problem.js';
import { changeRecovery, existingRecovery, recoveryOf } from './begin-recovery.js';
import { appRoute, type Route } from '../http/route.js';
import { recoverBody } from './requests.js';
import { jobAnswer, jobView } from '../deliveries/views.js';

/** The state that each route sets. */
const STATES = {
  pause: { state: 'paused', summary: 'Pauses a recovery.' },
  resume: { state: 'running', summary: 'Resumes a paused recovery.' },
  cancel: { state: 'cancelled', summary: 'Cancels a recovery. Deliveries that it has made go on.' },
} as const;

/** Starts, shows and steers recoveries: the events of a time window are delivered to an endpoint again. */
export function recoveryRoutes(context: ApiContext): Route[] {
  const job = z.object({ job: jobAnswer });
  const jobPath = '/v1/apps/:app_id/webhooks/:id/jobs/:job_id';
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/:id/recover',
      summary: 'Delivers the events of a time window to an endpoint again.',
      success: [202, job],
      idempotencyKey: 'remembered',
      conflicts: ['endpoint_paused', 'endpoint_disabled'],
      scopes: ['webhooks:write'],
      body: recoverBody,
      async handle({ app, params, body: { since, until, status }, once }) {
        const now = context.now();
        if (since > now) {
          throw problems.validationFailed([{ pointer: '/since', detail: 'must not be in the future' }]);
        }
        const endpoint = await existingEndpoint(context, app, params.id);
        const wish = {
          since,
          // Events from now on are delivered anyway.
          until: until && until < now ? until : now,
          choice: status,
        };
        const begin = await recoveryOf(context, app, endpoint, wish);
        const answer = await once.inTransaction(async (client) => ({ job: jobView(await begin(client)) }));
        const name = { id: answer.job.id, appId: app.id, endpointId: endpoint.id };
        context.changes.tell({ kind: 'job', ...name });
        await afterCommit(context, () => context.workflows.startRecovery(name));
        return answer;
      },
    }),
    appRoute({
      method: 'get',
      path: jobPath,
      summary: 'Returns a recovery with its progress.',
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
        idempotencyKey: 'refused',
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
