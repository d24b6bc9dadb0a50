import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordingDependencies } from '../../src/activities/dependencies.js';
import { openTogether } from '../../src/activities/dispatch/open-events.js';
import type { EventOpening } from '../../src/store/events/event-openings.js';
import { appOf, endpointOf, eventInput } from '../support/fixtures.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a recording that waits for its permits', () => {
  it.each([
    [14_999, true],
    [15_001, false],
  ])('for %i ms: whether it begins first attempts is %s', async (waitMs, begins) => {
    const app = appOf('standard');
    const input = eventInput(app, { acceptedAt: new Date().toISOString() });
    const openings: EventOpening[] = [];
    const deps = {
      speed: { of: () => 'fast' },
      routing: { of: () => ({ app, endpoints: [endpointOf({ appId: app.id })], version: 'v' }) },
      dispatcher: {
        hasRoom: () => true,
        withPermits: (_n: number, _signal: AbortSignal, work: (hasWaited: boolean) => unknown) => {
          vi.advanceTimersByTime(waitMs);
          return work(true);
        },
        dispatch: () => new Map(),
      },
      // Somebody else has opened it meanwhile: nothing is sent.
      log: {
        open: (opening: EventOpening) => {
          openings.push(opening);
          return 'duplicate';
        },
      },
      now: () => new Date(),
    } as unknown as RecordingDependencies;
    await openTogether(
      deps,
      app.id,
      [{ event: input, workflowId: `event/${app.id}/${input.eventId}`, openedBy: 'a run' }],
      { probing: false, opener: { mayAttempt: true, stops: new AbortController().signal } },
    );
    expect(openings.map(({ deliveries }) => deliveries.map(({ begun }) => begun))).toEqual([[begins]]);
  });
});
