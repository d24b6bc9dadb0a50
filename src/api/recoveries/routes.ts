import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { afterCommit } from '../after-commit.js';
import type { ApiContext } from '../context.js';
import { existingEndpoint } from '../endpoints/endpoint-changes.js';
import { problems } from '../http/problem.js';
import { changeRecovery, existingRecovery, recoveryOf } from './begin-recovery.js';
import { appRoute, type Route } from '../http/route.js';
import { recoverBody } from './requests.js';
import { jobAnswer, jobView } from '../deliveries/views.js';
import { drainSeconds } from '../../dispatch/drain-rate.js';
import { previewCandidates } from '../../store/recoveries/recovery-candidates.js';
import { listRecoveryJobs } from '../../store/recoveries/recovery-jobs.js';
import { pageQuery } from '../http/pagination.js';
import { page, time } from '../http/view-fields.js';

const previewAnswer = z
  .object({
    total: z.number().describe('Events that would be delivered, without `skipped_open`.'),
    by_event_type: z.record(z.string(), z.number()),
    oldest: time.nullable(),
    newest: time.nullable(),
    skipped_open: z.number().describe('Events of the window with an open delivery to this endpoint.'),
    seconds_at_drain_rate: z
      .number()
      .describe("How long it would take to begin them all, at the application's `drain_per_second`."),
  })
  .meta({ id: 'RecoveryPreview' });

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
      example: { since: '2026-04-16T12:00:00Z', status: 'failed' },
      async handle({ app, params, body, once }) {
        const wish = wishOf(body);
        const endpoint = await existingEndpoint(context, app, params.id);
        const begin = await recoveryOf(context, app, endpoint, wish);
        const answer = await once.inTransaction(async (client) => ({ job: jobView(await begin(client)) }));
        const name = { id: answer.job.id, appId: app.id, endpointId: endpoint.id };
        context.changes.tell({ kind: 'job', ...name });
        await afterCommit(context, () => context.workflows.startRecovery(name));
        return answer;
      },
    }),
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/:id/recover/preview',
      summary: 'Counts what a recovery would deliver, and changes nothing.',
      success: [200, previewAnswer],
      idempotencyKey: 'refused',
      scopes: ['webhooks:write'],
      body: recoverBody,
      example: { since: '2026-04-16T12:00:00Z', status: 'failed' },
      async handle({ app, caller, params, body }) {
        const wish = wishOf(body);
        const endpoint = await existingEndpoint(context, app, params.id);
        // Of no recovery: nothing has been made by it.
        const search = { ...wish, id: randomUUID(), appId: app.id, endpointId: endpoint.id };
        const preview = await context.lists.read(caller, (db) =>
          previewCandidates(db, search, endpoint.eventTypes),
        );
        return {
          total: preview.total,
          by_event_type: preview.byEventType,
          oldest: preview.oldest,
          newest: preview.newest,
          skipped_open: preview.skippedOpen,
          seconds_at_drain_rate: drainSeconds(app.settings.drain_per_second, preview.total),
        };
      },
    }),
    appRoute({
      method: 'get',
      path: '/v1/apps/:app_id/webhooks/:id/jobs',
      summary: "Lists an endpoint's recoveries.",
      success: [200, page('jobs', jobAnswer)],
      scopes: ['webhooks:read'],
      query: z.strictObject(pageQuery),
      async handle({ app, caller, params, query }) {
        const endpoint = await existingEndpoint(context, app, params.id);
        const { rows, nextCursor } = await context.lists.page(caller, query, (db, request) =>
          listRecoveryJobs(db, endpoint.id, request),
        );
        return { jobs: rows.map(jobView), next_cursor: nextCursor };
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

  /** @throws Problem 422 */
  function wishOf({ since, until, status }: z.output<typeof recoverBody>) {
    const now = context.now();
    if (since > now) {
      throw problems.validationFailed([{ pointer: '/since', detail: 'must not be in the future' }]);
    }
    // Events from now on are delivered anyway.
    return { since, until: until && until < now ? until : now, choice: status };
  }
}
