import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerOf, components } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { durationText, timeIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { fieldsText, statusText, type Output } from '../shared/output.js';
import { openSession, type Session } from '../shared/session.js';

type Job = components['schemas']['RecoveryJob'];
type Preview = AnswerOf<'/v1/apps/{app_id}/webhooks/{id}/recover/preview', 'post'>;

interface RecoverFlags extends ClientFlags {
  readonly since?: string;
  readonly until?: string;
  readonly status: 'failed' | 'missing' | 'all';
  readonly dryRun?: true;
  readonly watch?: true;
}

const POLL_MS = 1_000;

/** `posthorn endpoints recover`: with `--watch` it ends with 7 when a delivery of it failed, or it was cancelled. */
export async function run([id = '']: readonly string[], flags: RecoverFlags): Promise<void> {
  if (flags.since === undefined) {
    throw new CommandError(EXIT.usage, 'Say from when on: --since 2h, or --since 2026-11-30T12:00:00Z.');
  }
  const session = await openSession(flags);
  const { api, app, out } = session;
  const path = { app_id: await app(), id };
  const body = {
    since: timeIn(flags.since, '--since'),
    ...(flags.until === undefined ? {} : { until: timeIn(flags.until, '--until') }),
    status: flags.status,
  };
  if (flags.dryRun) {
    const { data: preview } = await api.POST('/v1/apps/{app_id}/webhooks/{id}/recover/preview', {
      params: { path },
      body,
    });
    out.answer(preview, () => previewText(preview, out));
    return;
  }
  const { data } = await api.POST('/v1/apps/{app_id}/webhooks/{id}/recover', { params: { path }, body });
  const job = flags.watch ? await untilEnded(session, path, data.job) : data.job;
  out.answer({ job }, () => jobText(job, out));
  if (flags.watch && (job.status === 'cancelled' || job.failed > 0)) process.exitCode = EXIT.bad;
}

async function untilEnded(
  { api, out }: Session,
  path: { readonly app_id: string; readonly id: string },
  begun: Job,
): Promise<Job> {
  let job = begun;
  let said = '';
  while (job.status === 'running' || job.status === 'paused') {
    await pause(POLL_MS);
    const { data } = await api.GET('/v1/apps/{app_id}/webhooks/{id}/jobs/{job_id}', {
      params: { path: { ...path, job_id: begun.id } },
    });
    job = data.job;
    const now = `${job.done + job.failed} of ${job.total}`;
    if (now !== said) out.hint(now);
    said = now;
  }
  return job;
}

function jobText(job: Job, out: Output): string {
  return fieldsText([
    ['Recovery', job.id],
    ['Status', statusText(out.colours, job.status)],
    ['Events', String(job.total)],
    ['Delivered', String(job.done)],
    ['Failed', String(job.failed)],
  ]);
}

function previewText(preview: Preview, out: Output): string {
  return fieldsText([
    ['Events', String(preview.total)],
    ...Object.entries(preview.by_event_type).map(([type, count]) => [`  ${type}`, String(count)] as const),
    ['First', out.times.of(preview.oldest)],
    ['Last', out.times.of(preview.newest)],
    ['Skipped', `${preview.skipped_open}, whose deliveries to this endpoint are open`],
    ['Takes about', durationText(preview.seconds_at_drain_rate * 1_000)],
  ]);
}
