import type { HoldReason } from '../domain/delivery.js';
import { isDisabled, takesDeliveries, type Endpoint } from '../domain/endpoint.js';
import { healthRuleFor } from '../domain/health-rule.js';
import type { DeliveryFacts, Explanation, Remedy } from './explanation.js';
import { attemptText } from './answers.js';
import { nextAttemptOf, scheduleOf } from './schedule-ahead.js';
import { attemptsInAll } from '../domain/schedule.js';
import { changeEndpoint, checkSystem, opening, startWorker } from './remedies.js';
import { countText, durationText, timeText } from './words.js';

/** What a delivery waits for that is not being attempted. Pure. */

/** It waits for the event's `deliver_at`. */
export function explainScheduled(facts: DeliveryFacts, at: Date): Explanation {
  return {
    code: 'scheduled',
    text: `It waits for the event's "deliver_at": attempt 1 is due at ${timeText(at)}.`,
    since: facts.delivery.createdAt,
    until: at,
    next: nextAttemptOf(facts),
    remedies: [],
  };
}

/** Its endpoint took none when it was due. */
export function explainHeld(facts: DeliveryFacts, reason: HoldReason): Explanation {
  const { app, delivery, endpoint, attempts } = facts;
  const last = attempts.at(-1);
  const before = last ? ` ${attemptText(last, attemptsInAll(scheduleOf(facts)))}` : '';
  const held = { since: delivery.heldAt, until: delivery.holdEndsAt, next: null };
  if (endpoint === null) {
    const text = `The endpoint has been deleted: the delivery is about to fail as "endpoint_deleted".${before}`;
    return { ...held, until: null, code: 'endpoint_deleted', text, remedies: [] };
  }
  const ends =
    delivery.holdEndsAt === null
      ? ''
      : ` If it still is at ${timeText(delivery.holdEndsAt)}, it fails as "expired".`;
  if (reason === 'at_capacity' && takesDeliveries(endpoint))
    return { ...held, ...atCapacity(facts, endpoint, `${ends}${before}`) };
  if (takesDeliveries(endpoint)) {
    return {
      ...held,
      code: 'draining',
      text:
        'The endpoint takes deliveries again. Its held deliveries go on, the oldest first, ' +
        `${app.settings.drain_per_second} a second.${before}`,
      remedies: [],
    };
  }
  const since = delivery.heldAt === null ? '' : ` since ${timeText(delivery.heldAt)}`;
  if (isDisabled(endpoint)) {
    return {
      ...held,
      code: 'held_disabled',
      text:
        `Held${since}, because its endpoint is disabled: ${disabledText(facts, endpoint)}. ` +
        `It goes on when somebody enables the endpoint.${ends}${before}`,
      remedies: opening(facts),
    };
  }
  const pausedAt = endpoint.pausedAt === null ? '' : ` at ${timeText(endpoint.pausedAt)}`;
  return {
    ...held,
    code: 'held_paused',
    text:
      `Held${since}, because its endpoint was paused${pausedAt}. ` +
      `It goes on when somebody resumes the endpoint.${ends}${before}`,
    remedies: opening(facts),
  };
}

/** Its first attempt, or one that has been released, is in the queue. */
export function explainQueued(facts: DeliveryFacts): Explanation {
  const { delivery, system } = facts;
  const number = delivery.attemptCount + 1;
  const queued = { since: delivery.createdAt, until: null, next: null };
  const { code, text, remedies } = obstacle(facts) ?? {
    code: 'about_to_begin' as const,
    text: `It is in the queue and begins as soon as a worker takes it.${backlogText(system.oldestDueMs)}`,
    remedies: [],
  };
  return { ...queued, code, text: `Attempt ${number} is to be made now. ${text}`, remedies };
}

/** What keeps anything that is due from being made; null: nothing that this process knows. */
export function obstacle({
  system,
}: Pick<DeliveryFacts, 'system'>): Pick<Explanation, 'code' | 'text' | 'remedies'> | null {
  if (!system.temporalAnswers) {
    return {
      code: 'temporal_away',
      text: 'Temporal does not answer: the attempt is made as soon as it does.',
      remedies: [checkSystem],
    };
  }
  if (!system.workersPoll) {
    return {
      code: 'no_worker',
      text: 'No worker polls the task queue: the attempt is made as soon as one does.',
      remedies: [startWorker, checkSystem],
    };
  }
  return null;
}

/** A backlog shorter than this is none. */
const BACKLOG_MS = 5_000;

export function backlogText(oldestDueMs: number | null): string {
  if (oldestDueMs === null || oldestDueMs < BACKLOG_MS) return '';
  return ` The delivery that has been due for the longest has waited for ${durationText(oldestDueMs)}.`;
}

function atCapacity(
  facts: DeliveryFacts,
  endpoint: Endpoint,
  before: string,
): Pick<Explanation, 'code' | 'text' | 'remedies'> {
  const { rateLimit, maxInFlight } = endpoint;
  const raise = (member: string): Remedy[] => [
    changeEndpoint(facts, `Raise or remove the endpoint's "${member}", if its receiver can take more.`),
  ];
  const turn = `Its turn comes after the deliveries that were held before it.${before}`;
  if (maxInFlight !== null) {
    const rate =
      rateLimit === null ? '' : ` and its "rate_limit" ${countText(rateLimit, 'attempt')} a second`;
    return {
      code: 'held_at_capacity',
      text:
        `The endpoint's "max_in_flight" allows ${countText(maxInFlight, 'attempt')} at a time${rate}, and they are ` +
        `taken. ${turn}`,
      remedies: raise('max_in_flight'),
    };
  }
  if (rateLimit !== null) {
    return {
      code: 'held_at_rate',
      text: `The endpoint's "rate_limit" allows ${countText(rateLimit, 'attempt')} a second. ${turn}`,
      remedies: raise('rate_limit'),
    };
  }
  return {
    code: 'held_slow',
    text: `The endpoint answers slowly, and has as many attempts under way as one endpoint may have in a worker. ${turn}`,
    remedies: [
      {
        action: 'fix_receiver',
        text: 'Answer first, and do the work afterwards: slow answers hold up the next.',
      },
    ],
  };
}

function disabledText({ app, profile }: DeliveryFacts, endpoint: Endpoint): string {
  const { afterFailures, afterHours } = healthRuleFor(profile, app.settings);
  const reason = endpoint.enabled ? endpoint.tripped : endpoint.disabledReason;
  const at = endpoint.disabledAt === null ? '' : ` at ${timeText(endpoint.disabledAt)}`;
  switch (reason) {
    case 'manual':
      return `somebody disabled it${at}`;
    case 'gone':
      return `its receiver answered 410, which says that it is gone${at}`;
    case 'consecutive_failures':
      return afterFailures === null
        ? `its deliveries kept failing${at}`
        : `${countText(afterFailures, 'delivery', 'deliveries')} failed in a row${at}`;
    case 'continuous_failure':
      return afterHours === null
        ? `its deliveries kept failing${at}`
        : `for ${countText(afterHours, 'hour')} nothing but failures came of its deliveries${at}`;
    case null:
      return `it was disabled${at}`;
    default:
      // Of a later version.
      return `its "disabled_reason" is "${reason}"${at}`;
  }
}
