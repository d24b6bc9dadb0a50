import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTEMPT_ERROR_CODES } from '../../../src/domain/attempt.js';
import { DELIVERY_REASONS, DELIVERY_STATUSES, DELIVERY_TRIGGERS } from '../../../src/domain/delivery.js';
import { explain } from '../../../src/explanation/explain.js';
import { EXPLANATION_CODES, type DeliveryFacts } from '../../../src/explanation/explanation.js';
import { scheduleAhead } from '../../../src/explanation/schedule-ahead.js';
import { profileById, profileIds } from '../../../src/profiles/index.js';
import { at, attempt, delivery, endpoint, facts } from '../../support/delivery-facts.js';
import { allRoutes } from '../../support/routes.js';

/** Failed twice, its third attempt due at a time. */
const waitsUntil = (nextAttemptAt: Date) =>
  facts({
    delivery: delivery({ status: 'failed', attemptCount: 2, lastStatusCode: 500, nextAttemptAt }),
    attempts: [attempt(1), attempt(2)],
  });
const ended = (reason: (typeof DELIVERY_REASONS)[number], more: Partial<DeliveryFacts['delivery']> = {}) =>
  facts({
    delivery: delivery({ status: 'failed', reason, attemptCount: 2, completedAt: at(2), ...more }),
    attempts: [attempt(1), attempt(2)],
  });
const held = (reason: (typeof DELIVERY_REASONS)[number], ofEndpoint: Parameters<typeof endpoint>[0]) =>
  facts({
    delivery: delivery({ reason, heldAt: at(20), holdEndsAt: at(259_220) }),
    endpoint: endpoint(ofEndpoint),
  });
const beingSent = (attemptStartedAt: Date) =>
  facts({ delivery: delivery({ status: 'processing', attemptCount: 1, attemptStartedAt }) });
const away = { temporalAnswers: false, workersPoll: false, oldestDueMs: null };
const idle = { temporalAnswers: true, workersPoll: false, oldestDueMs: 240_000 };

/** How each code comes about. */
const CASES: readonly [what: string, code: string, given: DeliveryFacts][] = [
  [
    'delivered',
    'delivered',
    facts({
      delivery: delivery({ status: 'delivered', attemptCount: 1, lastStatusCode: 200, completedAt: at(1) }),
      attempts: [attempt(1, { statusCode: 200, possiblyRepeated: true })],
    }),
  ],
  ['out of attempts', 'exhausted', ended('exhausted')],
  [
    'out of attempts, at an endpoint that was disabled since',
    'exhausted',
    { ...ended('exhausted'), endpoint: endpoint({ enabled: false, disabledReason: 'manual' }) },
  ],
  ['refused by a final answer', 'refused', { ...ended('refused'), profile: profileById('scute') }],
  ['its event has expired', 'expired_event', ended('expired', { expiresAt: at(2) })],
  ['held for too long', 'expired_held', ended('expired', { completedAt: at(200) })],
  ['cancelled', 'cancelled', ended('cancelled')],
  ['its endpoint is gone', 'endpoint_deleted', { ...ended('endpoint_deleted'), endpoint: null }],
  [
    'its endpoint is gone while it is held',
    'endpoint_deleted',
    { ...held('endpoint_paused', {}), endpoint: null },
  ],
  [
    'deliver_at',
    'scheduled',
    facts({ delivery: delivery({ reason: 'scheduled', nextAttemptAt: at(3_600) }) }),
  ],
  ['paused', 'held_paused', held('endpoint_paused', { pausedAt: at(10) })],
  [
    'disabled by hand',
    'held_disabled',
    held('endpoint_disabled', { enabled: false, disabledAt: at(-60), disabledReason: 'manual' }),
  ],
  ['about to be disabled', 'held_disabled', held('endpoint_disabled', { tripped: 'gone' })],
  ['max_in_flight', 'held_at_capacity', held('at_capacity', { maxInFlight: 1, rateLimit: 2 })],
  ['max_in_flight, paused since', 'held_paused', held('at_capacity', { maxInFlight: 1, pausedAt: at(30) })],
  ['rate_limit', 'held_at_rate', held('at_capacity', { rateLimit: 2 })],
  ['a slow endpoint', 'held_slow', held('at_capacity', {})],
  ['its endpoint takes deliveries again', 'draining', held('endpoint_paused', {})],
  ['under way', 'sending', beingSent(at(299))],
  ['under way for too long', 'worker_lost', beingSent(at(100))],
  ['a retry by the schedule', 'retry_due', waitsUntil(at(302.035))],
  ['a retry by Retry-After', 'retry_due', waitsUntil(at(1_802))],
  [
    'a retry while the endpoint is paused',
    'retry_due',
    { ...waitsUntil(at(302.035)), endpoint: endpoint({ pausedAt: at(100) }) },
  ],
  ['a retry that is late', 'retry_overdue', waitsUntil(at(100))],
  ['a retry that has just become due', 'about_to_begin', waitsUntil(at(298))],
  ['a first attempt in the queue', 'about_to_begin', facts()],
  ['no worker', 'no_worker', { ...facts(), system: idle }],
  ['no worker for a retry', 'no_worker', { ...waitsUntil(at(100)), system: idle }],
  ['Temporal is away', 'temporal_away', { ...facts(), system: away }],
];

describe('what is said of a delivery', () => {
  it.each(CASES)('%s: %s', (_what, code, given) => {
    const explanation = explain(given);
    expect(explanation.code).toBe(code);
    expect(explanation).toMatchSnapshot();
  });

  it('has a case for every code', () => {
    expect(new Set(CASES.map(([, code]) => code))).toEqual(new Set(EXPLANATION_CODES));
  });
});

describe('what is said after an attempt that failed', () => {
  const after = (more: Parameters<typeof attempt>[1]) => {
    const given = waitsUntil(at(302.035));
    return explain({ ...given, attempts: [attempt(1), attempt(2, more)] }).remedies[0];
  };

  it.each(ATTEMPT_ERROR_CODES)('%s', (error) => {
    expect(after({ statusCode: null, error: `${error}: why` })).toMatchSnapshot();
  });

  it.each([401, 404, 413, 429, 400, 500])('%s', (statusCode) => {
    expect(after({ statusCode })).toMatchSnapshot();
  });
});

const time = fc.integer({ min: -400, max: 4_000 }).map(at);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** Any delivery that the log may show, and some that it never does. */
const anyFacts: fc.Arbitrary<DeliveryFacts> = fc
  .record({
    profileId: fc.constantFrom(...profileIds),
    delivery: fc.record({
      status: fc.constantFrom(...DELIVERY_STATUSES),
      reason: maybe(fc.constantFrom(...DELIVERY_REASONS)),
      trigger: fc.constantFrom(...DELIVERY_TRIGGERS),
      attemptCount: fc.integer({ min: 0, max: 12 }),
      attemptStartedAt: maybe(time),
      nextAttemptAt: maybe(time),
      lastStatusCode: maybe(fc.constantFrom(200, 404, 500)),
      expiresAt: maybe(time),
      heldAt: maybe(time),
      holdEndsAt: maybe(time),
      completedAt: maybe(time),
    }),
    endpoint: maybe(
      fc.record({
        enabled: fc.boolean(),
        disabledReason: maybe(
          fc.constantFrom('manual', 'gone', 'consecutive_failures', 'continuous_failure', 'other'),
        ),
        disabledAt: maybe(time),
        pausedAt: maybe(time),
        rateLimit: maybe(fc.constantFrom(0.5, 10)),
        maxInFlight: maybe(fc.constantFrom(1, 10)),
        retryLimit: maybe(fc.integer({ min: 0, max: 10 })),
        schedule: maybe(fc.constantFrom('scute', [1, 2, 3])),
      }),
    ),
    attempts: fc.array(
      fc.record({
        statusCode: maybe(fc.constantFrom(200, 401, 404, 429, 500)),
        error: maybe(fc.constantFrom(...ATTEMPT_ERROR_CODES).map((code) => `${code}: why`)),
        durationMs: maybe(fc.integer({ min: 0, max: 20_000 })),
      }),
      { maxLength: 4 },
    ),
    system: fc.record({
      temporalAnswers: fc.boolean(),
      workersPoll: fc.boolean(),
      oldestDueMs: maybe(fc.integer({ min: 0, max: 1_000_000 })),
    }),
  })
  .map((given) =>
    facts({
      profile: profileById(given.profileId),
      app: { ...facts().app, profile: given.profileId },
      delivery: delivery(given.delivery),
      endpoint: given.endpoint && endpoint(given.endpoint),
      attempts: given.attempts.map((each, index) => attempt(index + 1, each)),
      system: given.system,
    }),
  );

/** What the API mounts, as expressions. */
const ROUTES = allRoutes.map(
  ({ method, path }) => [method.toUpperCase(), new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`)] as const,
);

describe('every explanation', () => {
  it('has a text of whole sentences, and remedies whose routes exist', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { code, text, remedies } = explain(given);
        expect(EXPLANATION_CODES).toContain(code);
        for (const sentence of [text, ...remedies.map((remedy) => remedy.text)]) {
          expect(sentence).toMatch(/^[A-Z].*[.}]$/);
          expect(sentence).not.toMatch(/undefined|null|NaN|Invalid| {2}|\.\./);
        }
        for (const { method, path } of remedies) {
          expect(path === undefined).toBe(method === undefined);
          if (path === undefined) continue;
          expect(
            ROUTES.some(([of, form]) => of === method && form.test(path)),
            path,
          ).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes the next attempt from the log, and says the schedule ahead from there', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { next } = explain(given);
        const ahead = scheduleAhead(given);
        const { completedAt, nextAttemptAt, attemptCount } = given.delivery;
        if (next !== null) {
          expect(completedAt).toBeNull();
          expect(next).toMatchObject({ at: nextAttemptAt, number: attemptCount + 1 });
          expect(next.of).toBeGreaterThanOrEqual(next.number);
        }
        if (completedAt !== null || nextAttemptAt === null) expect(ahead).toEqual([]);
        for (const [index, each] of ahead.entries()) {
          expect(each.number).toBe(attemptCount + 1 + index);
          const before = ahead[index - 1];
          if (before) expect(each.at.getTime()).toBeGreaterThan(before.at.getTime());
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is of one moment: the same facts give the same words', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        expect(explain(given)).toEqual(explain(given));
      }),
    );
  });
});
