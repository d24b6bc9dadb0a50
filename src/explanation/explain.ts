import { HOLD_REASONS, type HoldReason } from '../domain/delivery.js';
import { isDisabled, takesDeliveries } from '../domain/endpoint.js';
import { attemptsInAll, documentedDelayMs, type Schedule } from '../domain/schedule.js';
import { ATTEMPT_OVERHEAD_MS } from '../workflows/contract/delivery.js';
import { adviceAfter, attemptText, errorCodeOf, limitText } from './answers.js';
import { explainEnded } from './ended.js';
import type { DeliveryFacts, Explanation, NextAttempt, Remedy } from './explanation.js';
import { opening, retryNow } from './remedies.js';
import { nextAttemptOf, scheduleAhead, scheduleOf } from './schedule-ahead.js';
import { backlogText, explainHeld, explainQueued, explainScheduled, obstacle } from './waiting.js';
import { countText, durationText, timeText } from './words.js';

/** An attempt that has been due for less than this is about to begin. */
const OVERDUE_MS = 5_000;

/**
 * Says why a delivery was not made yet, or how it ended, by what the log has of it. `next` comes from the log alone.
 * Pure. The text names times, never how long it is until then: it stays true when it is read later.
 */
export function explain(facts: DeliveryFacts): Explanation {
  const { status, reason, completedAt, nextAttemptAt } = facts.delivery;
  if (completedAt !== null) return explainEnded(facts, completedAt);
  const held = HOLD_REASONS.find((each): each is HoldReason => each === reason);
  if (held !== undefined) return explainHeld(facts, held);
  if (reason === 'scheduled' && nextAttemptAt !== null && nextAttemptAt > facts.now) {
    return explainScheduled(facts, nextAttemptAt);
  }
  if (status === 'processing') return explainUnderWay(facts);
  const next = nextAttemptOf(facts);
  return next === null || next.number === 1 ? explainQueued(facts) : explainRetry(facts, next);
}

function explainUnderWay(facts: DeliveryFacts): Explanation {
  const { delivery, profile, now } = facts;
  const startedAt = delivery.attemptStartedAt ?? delivery.createdAt;
  const longestMs = profile.timeLimitMs + ATTEMPT_OVERHEAD_MS;
  const until = new Date(startedAt.getTime() + longestMs);
  const all = attemptsInAll(scheduleOf(facts));
  const attempt = `Attempt ${delivery.attemptCount} of ${Math.max(all, delivery.attemptCount)}`;
  if (now < until) {
    return {
      code: 'sending',
      text: `${attempt} was begun at ${timeText(startedAt)} and has no outcome yet: ${limitText(profile)}.`,
      since: startedAt,
      until,
      next: null,
      remedies: [],
    };
  }
  const stop = obstacle(facts);
  return {
    code: stop?.code ?? 'worker_lost',
    text:
      `${attempt} was begun at ${timeText(startedAt)} and left no outcome within ${durationText(longestMs)}: its ` +
      `worker was lost, or cannot reach PostgreSQL. It is made again, and the receiver may get it twice.${stop ? ` ${stop.text}` : ''}`,
    since: startedAt,
    until: null,
    next: null,
    remedies: stop ? stop.remedies : hurrying(facts),
  };
}

function explainRetry(facts: DeliveryFacts, next: NextAttempt): Explanation {
  const { attempts, now } = facts;
  const last = attempts.at(-1);
  const lastText = last ? attemptText(last, next.of) : '';
  const since = last ? new Date(last.startedAt.getTime() + (last.durationMs ?? 0)) : facts.delivery.createdAt;
  const advice = last ? adviceAfter(last, facts) : [];
  const overdueMs = now.getTime() - next.at.getTime();
  if (overdueMs <= 0) {
    return {
      code: 'retry_due',
      text: joined(
        lastText,
        `Attempt ${next.number} is due at ${timeText(next.at)}${delayText(facts, next)}.`,
        restText(facts, next),
        blockedText(facts),
      ),
      since,
      until: next.at,
      next,
      remedies: [...advice, ...hurrying(facts)],
    };
  }
  const stop = obstacle(facts);
  const due = joined(lastText, `Attempt ${next.number} of ${next.of} was due at ${timeText(next.at)}`);
  if (!stop && overdueMs < OVERDUE_MS) {
    return {
      code: 'about_to_begin',
      text: `${due} and is about to begin.`,
      since: next.at,
      until: null,
      next,
      remedies: [],
    };
  }
  return {
    code: stop?.code ?? 'retry_overdue',
    text:
      `${due}. ` +
      (stop?.text ?? `It waits in the queue for a worker.${backlogText(facts.system.oldestDueMs)}`),
    since: next.at,
    until: null,
    next,
    remedies: stop ? stop.remedies : hurrying(facts),
  };
}

/** What the endpoint's state makes of an attempt that is not due yet. */
function blockedText({ endpoint }: DeliveryFacts): string {
  if (endpoint === null || takesDeliveries(endpoint)) return '';
  const state = isDisabled(endpoint) ? 'disabled' : 'paused';
  return `The endpoint is ${state} now: if it still is then, the delivery is held.`;
}

/** Making the attempt now, or what has to be done before that can be. */
function hurrying(facts: DeliveryFacts): readonly Remedy[] {
  const first = opening(facts);
  return first.length > 0 ? first : [retryNow(facts)];
}

/** Where the delay before the next attempt comes from. */
function delayText(facts: DeliveryFacts, next: NextAttempt): string {
  const schedule = scheduleOf(facts);
  const last = facts.attempts.at(-1);
  if (!last || next.number > attemptsInAll(schedule) || last.number !== next.number - 1) return '';
  if (errorCodeOf(last) === 'worker_lost') return '';
  const documentedMs = documentedDelayMs(schedule, next.number);
  const actualMs = next.at.getTime() - last.startedAt.getTime() - (last.durationMs ?? 0);
  if (actualMs > documentedMs + toleranceMs(schedule, documentedMs)) {
    return ": the receiver's Retry-After asked for that time";
  }
  if (actualMs < documentedMs - toleranceMs(schedule, documentedMs)) return '';
  const jitter = schedule.kind === 'table' && (schedule.jitter ?? 0) > 0 ? 'about ' : '';
  return `: the schedule waits ${jitter}${durationText(documentedMs)} before it`;
}

/** What jitter, rounding and the way to the log may add or take. */
function toleranceMs(schedule: Schedule, documentedMs: number): number {
  const jitter = schedule.kind === 'table' ? (schedule.jitter ?? 0) : 0;
  return documentedMs * jitter + 2_000;
}

/** Sentences, without those that there is nothing to say in. */
function joined(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What would follow. */
function restText(facts: DeliveryFacts, next: NextAttempt): string {
  const ahead = scheduleAhead(facts);
  const last = ahead.at(-1);
  const more = ahead.length - 1;
  if (last === undefined || more < 1) {
    return next.number === next.of ? 'It is the last one.' : '';
  }
  return `${countText(more, 'more attempt')} would follow, the last at ${timeText(last.at)}.`;
}
