import { attemptsInAll, delayBeforeAttemptMs, truncate, type Schedule } from '../domain/schedule.js';
import { scheduleFor } from '../routing/schedule-choice.js';
import type { DeliveryFacts, NextAttempt } from './explanation.js';

/** The attempts that a delivery has before it. Pure. */

/** A schedule has 51 attempts at most; one that an endpoint of old chose may have more. */
const MOST_AHEAD = 60;

export interface AttemptAhead {
  readonly number: number;
  readonly at: Date;
}

/**
 * The schedule of a delivery, as it started with it. Before an attempt has failed the log does not have it: then it is
 * the one that the endpoint has now. Tests and resends have one attempt each.
 */
export function scheduleOf({ app, delivery, endpoint }: DeliveryFacts): Schedule {
  if (delivery.schedule !== null) return delivery.schedule;
  const schedule = scheduleFor(app, endpoint ?? { retryLimit: null, schedule: null });
  return delivery.trigger === 'test' || delivery.trigger === 'resend' ? truncate(schedule, 0) : schedule;
}

/** The next attempt, from the log; null unless one is due at a set time. */
export function nextAttemptOf(facts: DeliveryFacts): NextAttempt | null {
  const { attemptCount, nextAttemptAt, completedAt } = facts.delivery;
  if (completedAt !== null || nextAttemptAt === null) return null;
  const number = attemptCount + 1;
  return { at: nextAttemptAt, number, of: Math.max(number, attemptsInAll(scheduleOf(facts))) };
}

/**
 * The next attempt and all that would follow if each failed at once; empty once the delivery has ended, and while its
 * next attempt has no time.
 */
export function scheduleAhead(facts: DeliveryFacts): readonly AttemptAhead[] {
  const next = nextAttemptOf(facts);
  if (next === null) return [];
  const schedule = scheduleOf(facts);
  const ahead: AttemptAhead[] = [{ number: next.number, at: next.at }];
  let at = next.at.getTime();
  for (let number = next.number + 1; number <= next.of && ahead.length < MOST_AHEAD; number += 1) {
    at += delayBeforeAttemptMs(schedule, number, facts.delivery.id);
    ahead.push({ number, at: new Date(at) });
  }
  const { expiresAt } = facts.delivery;
  return expiresAt === null ? ahead : ahead.filter((attempt) => attempt.at < expiresAt);
}
