import type { components } from '../../client/index.js';
import { durationText } from '../shared/durations.js';
import { fieldsText, statusText, type Output } from '../shared/output.js';
import type { Column } from '../shared/table.js';

type Delivery = components['schemas']['Delivery'];
type Attempt = components['schemas']['Attempt'];
export type AttemptedDelivery = components['schemas']['DeliveryWithAttempts'];

export function deliveryColumns(out: Output): Column<Delivery>[] {
  return [
    { head: 'ID', cell: ({ id }) => id },
    { head: 'EVENT', cell: ({ event_id }) => event_id },
    { head: 'TYPE', cell: ({ event_type }) => event_type, wraps: true },
    { head: 'STATUS', cell: (delivery) => standingText(delivery, out) },
    { head: 'ATTEMPTS', cell: ({ attempt_count }) => String(attempt_count) },
    { head: 'LAST ANSWER', cell: lastAnswer, wraps: true },
    { head: 'NEXT', cell: ({ next_attempt_at }) => out.times.of(next_attempt_at) },
    { head: 'CREATED', cell: ({ created_at }) => out.times.of(created_at) },
  ];
}

/** A delivery with its attempts, for people. */
export function deliveryText(delivery: AttemptedDelivery, out: Output): string {
  return [
    fieldsText([
      ['Delivery', delivery.id],
      ['Event', `${delivery.event_id} (${delivery.event_type})`],
      ['Endpoint', delivery.webhook_id],
      ['Made by', delivery.trigger],
      ['Status', standingText(delivery, out)],
      ['Why', delivery.explanation.text],
      ['Workflow', delivery.workflow_url ?? delivery.workflow_id],
      ['Next', delivery.next_attempt_at === null ? null : out.times.of(delivery.next_attempt_at)],
      ['Created', out.times.of(delivery.created_at)],
      ['Ended', delivery.completed_at === null ? null : out.times.of(delivery.completed_at)],
    ]),
    ...delivery.attempts.map((attempt) => attemptText(attempt, out)),
  ].join('\n');
}

/** One line: `delivered: 200 in 35 ms, attempt 1`. */
export function outcomeText(delivery: AttemptedDelivery, out: Output): string {
  const last = delivery.attempts.at(-1);
  const took = last?.duration_ms === null || !last ? '' : ` in ${durationText(last.duration_ms)}`;
  return `${standingText(delivery, out)}: ${lastAnswer(delivery)}${took}, attempt ${delivery.attempt_count}`;
}

/** Its status, and the reason where there is one. */
export function standingText(delivery: Delivery, out: Output): string {
  const waits = delivery.status === 'failed' && delivery.next_attempt_at !== null;
  const status = waits
    ? out.colours.yellow('failed, will be retried')
    : statusText(out.colours, delivery.status);
  return delivery.reason === null ? status : `${status}: ${delivery.reason}`;
}

function lastAnswer({ last_status_code, last_error }: Delivery): string {
  return last_error ?? (last_status_code === null ? '–' : String(last_status_code));
}

function attemptText(attempt: Attempt, out: Output): string {
  const answer = attempt.error ?? String(attempt.status_code ?? '–');
  const took = attempt.duration_ms === null ? 'lost' : durationText(attempt.duration_ms);
  const repeated = attempt.possibly_repeated ? '  (the receiver may have got it twice)' : '';
  const body = attempt.response_body ? `  ${JSON.stringify(attempt.response_body.slice(0, 200))}` : '';
  return `  ${attempt.number}  ${out.times.of(attempt.started_at)}  ${answer}  ${took}${repeated}${body}`;
}
