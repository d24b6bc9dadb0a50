import { documentedDelayMs, type Schedule } from '../../domain/schedule.js';
import type { EventWithDeliveries } from '../../client/index.js';
import type { Application } from '../application.js';
import { clock, clockOfSeconds, must, type Scene, type Stage } from '../scene.js';

/** Of all profiles, their second attempts come soonest. */
const PROFILES = ['scalekit', 'standard'];
/** By which a time in the log may differ from the schedule, and an arrival from the time that was announced. */
const SLACK_MS = 500;
/** How late an attempt may be on a machine that is busy. */
const PATIENCE_MS = 15_000;

export const retry: Scene = {
  title: 'A receiver that answers 503 once: the event comes again when its schedule says',
  async play(stage) {
    // At the same time, so that the schedules are waited for once.
    await Promise.all(PROFILES.map((id) => failOnce(stage, stage.application(id))));
  },
};

async function failOnce(stage: Stage, application: Application): Promise<void> {
  const { inbox, profile, verifier } = application;
  inbox.answerNext(503);
  const event = await application.submitSample();
  const first = await application.receives('attempt 1');
  const failed = await application.eventWhen(
    event.id,
    ({ deliveries }) => deliveries.some(({ next_attempt_at }) => next_attempt_at !== null),
    'attempt 1 failed and attempt 2 is announced',
  );
  const { dueAt, delayMs } = announced(failed);
  const documented = documentedDelay(profile.schedule);
  stage.tell(application, [
    ['attempt 1', `at ${clock(first.receivedAt)} UTC, answered with ${first.answer}`],
    [
      'announced',
      `attempt 2 at ${clock(dueAt)}, ${seconds(delayMs)} after that (documented: ${documented.text})`,
    ],
  ]);
  must(
    Math.abs(delayMs - documented.milliseconds) <= documented.jitterMs + SLACK_MS,
    application,
    'attempt 2 is not announced as documented',
  );

  const second = await application.receives('attempt 2', dueAt.getTime() - Date.now() + PATIENCE_MS);
  must(
    second.receivedAt.getTime() >= dueAt.getTime() - SLACK_MS,
    application,
    `attempt 2 came at ${clock(second.receivedAt)}, before it was due`,
  );
  must(second.body.equals(first.body), application, 'the body of attempt 2 is not that of attempt 1');
  const [firstTime, secondTime] = [verifier.signedTime(first), verifier.signedTime(second)];
  must(
    firstTime !== null && secondTime !== null && firstTime < secondTime,
    application,
    'attempt 2 was not signed for its own time',
  );
  await application.eventWhen(event.id, ({ status }) => status === 'delivered', 'attempt 2 is delivered');
  stage.tell(application, [
    ['attempt 2', `at ${clock(second.receivedAt)} UTC, answered with ${second.answer}: delivered`],
    [
      'verified',
      `the same ${first.body.length} bytes, signed for ${clockOfSeconds(secondTime)}, attempt 1 for ${clockOfSeconds(firstTime)}`,
    ],
    ...stage.linkTo(event.workflow_id),
  ]);
}

/** When the log has attempt 2, and how long that is after attempt 1 failed. */
function announced({ deliveries: [delivery] }: EventWithDeliveries): { dueAt: Date; delayMs: number } {
  const dueAt = delivery?.next_attempt_at;
  const [attempt] = delivery?.attempts ?? [];
  if (!dueAt || !attempt) throw new Error('there is no attempt 1 in the log');
  const failedAt = Date.parse(attempt.started_at) + (attempt.duration_ms ?? 0);
  return { dueAt: new Date(dueAt), delayMs: Date.parse(dueAt) - failedAt };
}

function documentedDelay(schedule: Schedule): { milliseconds: number; jitterMs: number; text: string } {
  const milliseconds = documentedDelayMs(schedule, 2);
  const share = schedule.kind === 'table' ? (schedule.jitter ?? 0) : 0;
  return {
    milliseconds,
    jitterMs: share * milliseconds,
    text: `${milliseconds / 1000} s${share > 0 ? ` ±${share * 100} %` : ''}`,
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
