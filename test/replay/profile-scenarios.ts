import { profileById, profileIds } from '../../src/profiles/index.js';
import type { Profile } from '../../src/profiles/profile.js';
import { attemptsInAll } from '../../src/domain/schedule.js';
import { Receiver, type Reply } from '../support/receiver.js';
import type { Scenario, Stage } from './scenarios.js';

/** What can become of a delivery on a profile, and how a receiver brings it about. */
interface Outcome {
  readonly name: string;
  readonly status: 'delivered' | 'failed';
  readonly first: Reply;
  readonly then: Reply;
  readonly webhook: Readonly<Record<string, unknown>>;
}

/** The outcomes that a profile has: not every one tries again, or has an answer that ends it. */
export function outcomesOf(profile: Profile): Outcome[] {
  const retries = attemptsInAll(profile.schedule) > 1;
  const final = [410, 404, 400].find(profile.isFinalAnswer);
  return [
    { name: 'delivered', status: 'delivered', first: 200, then: 200, webhook: {} },
    ...(retries
      ? [{ name: 'retried', status: 'delivered', first: 503, then: 200, webhook: {} } as const]
      : []),
    {
      name: 'exhausted',
      status: 'failed',
      first: 503,
      then: 500,
      // The schedule's first retry is its only one: nobody waits for the last.
      webhook: retries ? { retry_limit: 1 } : {},
    },
    ...(final === undefined
      ? []
      : [{ name: 'refused', status: 'failed', first: final, then: final, webhook: {} } as const]),
  ];
}

/** A scenario for each profile, which plays all of its outcomes at the same time. */
export const profileScenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  profileIds.map((id) => [
    `every outcome on ${id}`,
    {
      async play(stage) {
        const profile = profileById(id);
        const played = outcomesOf(profile).map(async (outcome) => [
          `${id}-${outcome.name}`,
          await playOutcome(stage, profile, outcome),
        ]);
        return Object.fromEntries(await Promise.all(played)) as Record<string, string>;
      },
    },
  ]),
);

async function playOutcome(
  { posthorn: { api } }: Stage,
  profile: Profile,
  outcome: Outcome,
): Promise<string> {
  const receiver = await Receiver.start(outcome.then);
  receiver.answer(outcome.first);
  const { app } = await api.createApp(profile.id);
  await api.createWebhook(app.id, { url: receiver.url, ...outcome.webhook });
  const { type: event_type, data, attributes } = profile.testEvent;
  const event = await api.submit(app.id, { event_type, data, attributes });
  await api.eventThatIs(outcome.status, app.id, event.id, 100_000);
  await receiver.stop();
  return event.workflow_id;
}
