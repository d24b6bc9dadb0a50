import { defineConfig } from 'vitest/config';

/** The tests that `npm run mutate` has of the pure core (stryker.config.js). They need no servers. */
const TESTS = [
  'address-guard',
  'admission',
  'answer-head',
  'answer-reader',
  'attempted',
  'batcher',
  'bulkhead',
  'canonical-json',
  'clock-estimate',
  'close-all',
  'confidential',
  'day',
  'delivery',
  'delivery-ids',
  'dispatch-limits',
  'drain-rate',
  'endpoint',
  'endpoint-health',
  'endpoint-speed',
  'errors',
  'event-details',
  'event-input',
  'event-progress',
  'event-types',
  'failures',
  'fair-queue',
  'for-each-concurrent',
  'growing-pause',
  'keyed-mutex',
  'leased',
  'matching',
  'outcomes',
  'page',
  'plan-opening',
  'pulse',
  'quota',
  'redact',
  'responsive-clock',
  'retry-after',
  'schedules',
  'secrets',
  'semaphore',
  'signatures',
  'soon',
  'steps',
  'timeout',
  'tls-words',
  'unless-aborted',
  'verify',
];

export default defineConfig({
  plugins: [
    {
      name: 'processes instead of threads',
      // Stryker asks for threads, which have no time zone of their own to set (test/unit/retry-after.test.ts).
      configureVitest({ project }) {
        project.config.pool = 'forks';
      },
    },
  ],
  test: { include: [`test/unit/{${TESTS.join(',')}}.test.ts`] },
});
