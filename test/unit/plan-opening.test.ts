import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { begunWithOpening, planOf } from '../../src/activities/dispatch/plan-opening.js';
import { deliveryIdOf } from '../../src/domain/delivery-id.js';
import { attemptsInAll } from '../../src/domain/schedule.js';
import { profileById } from '../../src/profiles/index.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import type { EventInput } from '../../src/workflows/contract/event.js';
import { appOf, endpointOf, eventInput } from '../support/fixtures.js';

const now = new Date('2026-04-16T12:00:00Z');
const app = appOf('standard');
type Standing = 'fast' | 'slow' | 'unknown';

/** Where the first attempts of an event are made, by endpoint. */
function placesOf(
  standings: readonly Standing[],
  {
    endpoint = {},
    event = {},
    mayAttempt = true,
    probing = false,
  }: {
    endpoint?: Partial<Endpoint>;
    event?: Partial<EventInput>;
    mayAttempt?: boolean;
    probing?: boolean;
  } = {},
) {
  const endpoints = standings.map(() => endpointOf({ appId: app.id, ...endpoint }));
  const speed = {
    of: (id: string) => standings[endpoints.findIndex((each) => each.id === id)] ?? 'unknown',
  };
  const input = eventInput(app, event);
  const toOpen = { event: input, workflowId: `event/${app.id}/${input.eventId}`, openedBy: randomUUID() };
  const plan = planOf(toOpen, { app, endpoints, version: randomUUID() }, { speed, mayAttempt, probing, now });
  return {
    speed,
    plan,
    places: plan.deliveries.map(({ isDispatched }) => (isDispatched ? 'at once' : 'queued')),
  };
}

describe('a first attempt', () => {
  it('is made at once to an endpoint that is fast, and queued to others', () => {
    expect(placesOf(['fast', 'slow', 'unknown']).places).toEqual(['at once', 'queued', 'queued']);
  });

  it('is made at once to an unknown one too, where that is to be found out', () => {
    expect(placesOf(['fast', 'slow', 'unknown'], { probing: true }).places).toEqual([
      'at once',
      'queued',
      'at once',
    ]);
  });

  it.each([
    ['none may be made here', { mayAttempt: false }],
    ['it is not due', { event: { deliverAt: '2026-04-16T12:00:01.000Z' } }],
    ['the event expires within two minutes', { event: { expiresAt: '2026-04-16T12:01:59.000Z' } }],
    ['the endpoint is paused', { endpoint: { pausedAt: now } }],
    ['the endpoint is disabled', { endpoint: { enabled: false } }],
    ['the endpoint has met a rule', { endpoint: { tripped: 'gone' as const } }],
    ['the endpoint has a limit', { endpoint: { maxInFlight: 1 } }],
    ['the endpoint has a rate limit', { endpoint: { rateLimit: 1 } }],
  ])('is queued when %s', (_when, options) => {
    expect(placesOf(['fast'], options).places).toEqual(['queued']);
  });
});

describe('with the opening begin', () => {
  it('as many of those made at once as may, of an unknown endpoint one', () => {
    const { plan, speed } = placesOf(['unknown', 'fast', 'fast'], { probing: true });
    const [unknown, fast] = plan.deliveries.map(({ open }) => open.id);
    expect([...begunWithOpening([plan], speed, 2)]).toEqual([unknown, fast]);
    expect(begunWithOpening([plan, plan], speed, 100).size).toBe(3);
    const again = {
      ...plan,
      deliveries: plan.deliveries.map((planned) => ({
        ...planned,
        open: { ...planned.open, id: randomUUID() },
      })),
    };
    expect(begunWithOpening([plan, again], speed, 100).size).toBe(5);
  });
});

describe('what is recorded of an event', () => {
  it('is the event, its bytes, and who opens it', () => {
    const event: Partial<EventInput> = {
      eventId: 'evt_1',
      eventType: 'order.paid',
      acceptedAt: '2026-04-16T11:59:59.000Z',
      contentHash: 'ab'.repeat(32),
      envelope: { type: 'order.paid', data: { total: 7 } },
    };
    const { plan } = placesOf(['fast'], { event });
    expect(plan.opening).toMatchObject({
      appId: app.id,
      eventId: 'evt_1',
      eventType: 'order.paid',
      acceptedAt: new Date('2026-04-16T11:59:59.000Z'),
      expiresAt: null,
      contentHash: Buffer.alloc(32, 0xab),
      body: Buffer.from('{"type":"order.paid","data":{"total":7}}'),
      trigger: 'event',
      notBefore: null,
      workflowId: `event/${app.id}/evt_1`,
    });
  });

  it.each<[string, Partial<EventInput>, string]>([
    ['an event', {}, 'event'],
    ['a test', { testEndpointId: 'none' }, 'test'],
    ['an event of Posthorn’s own', { aboutEndpointId: 'one' }, 'operational'],
  ])('names its trigger: %s', (_what, event, trigger) => {
    expect(placesOf([], { event }).plan.opening.trigger).toBe(trigger);
  });

  it('has a delivery’s id from the time, the workflow and the endpoint', () => {
    const event = { eventId: 'evt_1', acceptedAt: '2026-04-16T11:59:59.000Z' };
    const [planned] = placesOf(['fast'], { event }).plan.deliveries;
    if (!planned) throw new Error('there is one');
    const { open, endpoint } = planned;
    expect(open.id).toBe(deliveryIdOf(new Date(event.acceptedAt), `event/${app.id}/evt_1`, endpoint.id));
    expect(open).toMatchObject({ endpointId: endpoint.id, host: 'example.com', first: { kind: 'queued' } });
    expect(open).not.toHaveProperty('mayRepeat');
  });

  it('has what is to be delivered later with how long that is, and what was due before as due now', () => {
    const later = placesOf(['fast'], { event: { deliverAt: '2026-04-16T12:00:05.000Z' } }).plan;
    expect(later.opening.notBefore).toEqual(new Date('2026-04-16T12:00:05.000Z'));
    expect(later.deliveries[0]?.open.first).toEqual({ kind: 'queued', delayMs: 5_000 });
    for (const deliverAt of ['2026-04-16T12:00:00.000Z', '2026-04-16T11:00:00.000Z']) {
      const due = placesOf(['fast'], { event: { deliverAt } });
      expect(due.plan.opening.notBefore).toBeNull();
      expect(due.plan.deliveries[0]?.open.first).toEqual({ kind: 'queued' });
      expect(due.places).toEqual(['at once']);
    }
  });

  it('is made once for a test, at once also where the endpoint has limits', () => {
    const endpoint = { id: 'tested', rateLimit: 1, maxInFlight: 1 };
    const { plan, places } = placesOf(['fast'], { endpoint, event: { testEndpointId: 'tested' } });
    expect(places).toEqual(['at once']);
    expect(plan.deliveries.map(({ open }) => attemptsInAll(open.schedule))).toEqual([1]);
    const [planned] = placesOf(['fast'], { endpoint }).plan.deliveries;
    expect(planned?.open.schedule).toEqual(profileById('standard').schedule);
  });

  it('keeps the expiry, and that the event may have been sent before', () => {
    const { plan, places } = placesOf(['fast'], { event: { expiresAt: '2026-04-16T12:02:00.000Z' } });
    expect(plan.opening.expiresAt).toEqual(new Date('2026-04-16T12:02:00.000Z'));
    expect(places).toEqual(['at once']);
    const repeated = placesOf(['fast'], { event: { mayRepeat: true } });
    expect(repeated.places).toEqual(['queued']);
    expect(repeated.plan.deliveries[0]?.open.mayRepeat).toBe(1);
  });
});
