/**
 * `npm run mutate`: changes the pure core in one place after the other, and counts how many of these changes a unit test
 * notices. The core are schedules, outcomes, health, matching, signatures, admission and what they are made of. Not in it
 * are pure files at the edges (envelopes of the profiles, forms of requests), and what only tests with servers check.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'src/lib/*.ts',
    'src/domain/*.ts',
    'src/profiles/signing/*.ts',
    'src/verify/{bytes,claim,headers,options,scheme,secret,signature,verification-error,verify}.ts',
    'src/routing/*.ts',
    'src/workflows/{attempted,delivery-progress,event-details,event-progress,growing-pause,kept-schedules,run-length,soon,steps}.ts',
    'src/delivery/{address-guard,answer-head,answer-reader,confidential,failure,outcome,redact,retry-after,target-url,tls-words}.ts',
    'src/dispatch/*.ts',
    'src/temporal/admission.ts',
    'src/activities/dispatch/plan-opening.ts',
    // What reads or prints, and types.
    '!src/lib/{logger,version,user-error}.ts',
    '!src/domain/event.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutate.config.ts' },
  concurrency: 2,
  // What no test of these reads is not copied for them.
  ignorePatterns: ['/bench', '/deploy', '/dist', '/docs', '/reports', '/test/replay', '.posthorn'],
  reporters: ['clear-text', 'html'],
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false },
  htmlReporter: { fileName: 'reports/mutation.html' },
  thresholds: { high: 95, low: 90, break: 85 },
};
