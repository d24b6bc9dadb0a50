import { isSuccess } from '../../src/delivery/outcome.js';
import { SECRET_FORMS } from '../../src/profiles/signing/secret.js';
import { defaultSchedule, type Profile } from '../../src/profiles/profile.js';
import { attemptsInAll } from '../../src/domain/schedule.js';
import { exampleEventId } from './example.js';
import { code, duration, statusCodes } from '../docs/markdown.js';

/** One row of the table that a page begins with, and how a profile's value gives it. A new rule of the profiles is one row more. */
interface Fact {
  readonly label: string;
  readonly of: (profile: Profile) => string;
}

export const facts: readonly Fact[] = [
  { label: 'profile', of: ({ id }) => code(id) },
  { label: 'documented in', of: documentedIn },
  { label: 'event types', of: eventTypes },
  { label: 'attempts in all', of: attempts },
  { label: 'delivered by', of: () => statusCodes(isSuccess) },
  { label: 'not tried again', of: finalAnswers },
  { label: 'time limit of an attempt', of: ({ timeLimitMs }) => duration(timeLimitMs) },
  { label: 'marked `slow` after', of: ({ slowAfterMs }) => (slowAfterMs ? duration(slowAfterMs) : 'never') },
  { label: 'active endpoints', of: activeEndpoints },
  { label: 'disables an endpoint', of: disabling },
  { label: 'signing secret', of: ({ secretKind }) => SECRET_FORMS[secretKind] },
  { label: 'event id', of: (profile) => `${profile.eventId.form}: ${code(exampleEventId(profile))}` },
];

export function documentedIn({ sources }: Profile): string {
  return sources.map(code).join(', ');
}

export function eventTypes({ catalogue }: Profile): string {
  return catalogue ? `its ${catalogue.length}, and the application’s own` : 'any well-formed';
}

/** With and, where an endpoint may ask for more than the default, up to how many. */
export function attempts(profile: Profile): string {
  const usual = attemptsInAll(defaultSchedule(profile));
  const most = attemptsInAll(profile.schedule);
  return usual === most ? `${most}` : `${usual}; 1 to ${most} with a \`retry_limit\``;
}

function finalAnswers({ isFinalAnswer, schedule }: Profile): string {
  return attemptsInAll(schedule) === 1
    ? 'anything: there is one attempt'
    : statusCodes(isFinalAnswer) || 'nothing';
}

/** When failures disable an endpoint. */
function disabling({ health }: Profile): string {
  const { afterFailures, afterHours, onGone } = health;
  const rules = [
    ...(onGone ? ['at an answer of 410'] : []),
    ...(afterFailures === null ? [] : [`at ${afterFailures} failed deliveries in a row`]),
    ...(afterHours === null ? [] : [`at a failure after ${afterHours / 24} days of nothing but failures`]),
  ];
  return rules.join('; ') || 'never, unless the application says when';
}

function activeEndpoints({ activeEndpointLimit }: Profile): string {
  return activeEndpointLimit === null ? 'as many as the API allows' : `at most ${activeEndpointLimit}`;
}
