import type { FinalReason } from '../domain/delivery.js';
import { adviceAfter, attemptText, outcomeText, POSSIBLY_REPEATED } from './answers.js';
import type { DeliveryFacts, Explanation, Remedy } from './explanation.js';
import { addEndpoint, opening, recoverEndpoint, sendAgain } from './remedies.js';
import { countText, timeText } from './words.js';

/** How a delivery ended. Pure. */

/** Two clocks, and the way to the log. */
const SAME_MOMENT_MS = 2_000;

export function explainEnded(facts: DeliveryFacts, completedAt: Date): Explanation {
  const { status, reason } = facts.delivery;
  const ended = { since: completedAt, until: null, next: null };
  if (status === 'delivered') return { ...ended, ...delivered(facts, completedAt) };
  return { ...ended, ...failed(facts, reason as FinalReason, completedAt) };
}

type Said = Pick<Explanation, 'code' | 'text' | 'remedies'>;

function delivered(facts: DeliveryFacts, completedAt: Date): Said {
  const { attemptCount, lastStatusCode } = facts.delivery;
  const last = facts.attempts.at(-1);
  const text =
    last?.number === attemptCount
      ? `Delivered at ${timeText(completedAt)}: attempt ${last.number} ${outcomeText(last)}.`
      : `Delivered at ${timeText(completedAt)} by attempt ${attemptCount}${lastStatusCode === null ? '' : `, which got ${lastStatusCode}`}.`;
  return {
    code: 'delivered',
    text: facts.attempts.some((attempt) => attempt.possiblyRepeated) ? `${text} ${POSSIBLY_REPEATED}` : text,
    remedies: [],
  };
}

function failed(facts: DeliveryFacts, reason: FinalReason, completedAt: Date): Said {
  const { app, profile, delivery, endpoint } = facts;
  const last = facts.attempts.at(-1);
  const lastText = last === undefined ? '' : ` ${attemptText(last, null)}`;
  const advice = last === undefined || endpoint === null ? [] : adviceAfter(last, facts);
  const again = endpoint === null ? [] : [...opening(facts), sendAgain(facts), ...mayRecover(facts)];
  const attempts = countText(delivery.attemptCount, 'attempt');
  const at = timeText(completedAt);
  switch (reason) {
    case 'exhausted':
      return {
        code: 'exhausted',
        text: `It failed for good at ${at}: ${attempts} failed, and the schedule has no more.${lastText}`,
        remedies: [...advice, ...again],
      };
    case 'refused':
      return {
        code: 'refused',
        text:
          `It failed for good at ${at}: the receiver refused it, and ${profile.title} does not try again after such ` +
          `an answer.${lastText}`,
        remedies: [...advice, ...again],
      };
    case 'expired':
      return hasOutlivedEvent(facts, completedAt)
        ? {
            code: 'expired_event',
            text:
              `It failed for good at ${at}: the event expires at ${timeText(delivery.expiresAt ?? completedAt)} by its ` +
              `"expires_at", and no further attempt could be made before.${lastText}`,
            remedies: again,
          }
        : {
            code: 'expired_held',
            text:
              `It failed for good at ${at}: it was held for longer than the ${app.settings.hold_hours} hours of the ` +
              `application's "hold_hours".${lastText}`,
            remedies: again,
          };
    case 'cancelled':
      return {
        code: 'cancelled',
        text: `It was cancelled at ${at}, after ${attempts}.${lastText}`,
        remedies: again,
      };
    case 'endpoint_deleted':
      return {
        code: 'endpoint_deleted',
        text: `It failed for good at ${at}: its endpoint was deleted, after ${attempts}.${lastText}`,
        remedies: [addEndpoint(facts)],
      };
    default:
      // A reason that only a later version knows.
      return {
        code: 'exhausted',
        text: `It failed for good at ${at}, after ${attempts}.${lastText}`,
        remedies: again,
      };
  }
}

/** A recovery leaves out test events, and Posthorn's own. */
function mayRecover(facts: DeliveryFacts): Remedy[] {
  const { trigger } = facts.delivery;
  return trigger === 'test' || trigger === 'operational' ? [] : [recoverEndpoint(facts)];
}

/** It ended with its event's expiry, or with an attempt after which the next would have come too late. */
function hasOutlivedEvent({ delivery, attempts }: DeliveryFacts, completedAt: Date): boolean {
  const { expiresAt } = delivery;
  if (expiresAt === null) return false;
  const last = attempts.at(-1);
  const lastEndedAt = last ? last.startedAt.getTime() + (last.durationMs ?? 0) : -Infinity;
  return (
    completedAt.getTime() >= expiresAt.getTime() - SAME_MOMENT_MS ||
    completedAt.getTime() - lastEndedAt < SAME_MOMENT_MS
  );
}
