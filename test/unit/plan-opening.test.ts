import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { begunWithOpening, planOf } from '../../src/activities/dispatch/plan-opening.js';
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
    ['the endpoint has a limit', { endpoint: { maxInFlight: 1 } }],
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
