import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { openTogether } from '../../src/activities/dispatch/open-events.js';
import type { EventOpening } from '../../src/store/events/event-openings.js';
import { appOf, endpointOf, eventInput } from '../support/fixtures.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('an opening that waits for its turn', () => {
  it.each([
    [14_999, true],
    [15_001, false],
  ])('for %i ms: whether it begins first attempts is %s', async (waitMs, begins) => {
    const app = appOf('standard');
    const input = eventInput(app, { acceptedAt: new Date().toISOString() });
    const openings: EventOpening[] = [];
    const deps = {
      endpointSpeed: {
        standing: () => 'fast',
        hasRoom: () => true,
        holdSlot: (work: () => unknown) => work(),
      },
      underWay: { hasRoom: () => true },
      routing: { of: () => ({ app, endpoints: [endpointOf({ appId: app.id })], version: 'v' }) },
      turns: {
        with: (_places: number, _signal: AbortSignal, work: (hasWaited: boolean) => unknown) => {
          vi.advanceTimersByTime(waitMs);
          return work(true);
        },
      },
      // Somebody else has opened it meanwhile: nothing is sent.
      log: {
        open: (opening: EventOpening) => {
          openings.push(opening);
          return 'duplicate';
        },
      },
      now: () => new Date(),
    } as unknown as Dependencies;
    await openTogether(
      deps,
      app.id,
      [{ event: input, workflowId: `event/${app.id}/${input.eventId}`, openedBy: 'a run' }],
      { probing: false, opener: { mayAttempt: true, stops: new AbortController().signal } },
    );
    expect(openings.map(({ deliveries }) => deliveries.map(({ begun }) => begun))).toEqual([[begins]]);
  });
});
