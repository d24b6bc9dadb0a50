import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { awaitAttemptsActivity } from '../../src/activities/make-attempt.js';
import { UnderWay } from '../../src/activities/under-way.js';
import { Pace } from '../../src/delivery/pace.js';
import type { AttemptResult } from '../../src/workflows/contract.js';

it('outcomes of a hundred attempts that could not be logged fit into one task, whatever the answers were', async () => {
  const underWay = new UnderWay();
  const pace = new Pace({ slots: 100, attempts: 100, now: Date.now });
  const ids = Array.from({ length: 100 }, (_, n) => String(n));
  for (const deliveryId of ids) {
    const attempt = {
      number: 1,
      startedAt: new Date().toISOString(),
      durationMs: 900,
      statusCode: 500,
      error: null,
      slow: false,
      possiblyRepeated: false,
      responseBody: 'x'.repeat(20_480),
    };
    const result: AttemptResult = {
      kind: 'unrecorded',
      outcome: {
        deliveryId,
        attempt,
        result: { kind: 'retry', next: 2, delayMs: 5_000, last: 'status 500' },
        nextAttemptAt: null,
      },
    };
    underWay.put(deliveryId, { result: Promise.resolve(result), interrupt: () => undefined });
  }
  const environment = new MockActivityEnvironment();
  const activity = awaitAttemptsActivity({ pace, underWay } as Partial<Dependencies> as Dependencies);
  const outcomes = await environment.run(activity, ids);
  expect(outcomes).toHaveLength(100);
  // In the marker of the local activity, and in what writes them down.
  expect(2 * JSON.stringify(outcomes).length).toBeLessThan(1_000_000);
});
