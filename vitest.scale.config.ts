import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run scale`: the tests whose numbers are larger with POSTHORN_SCALE, one file after the other. */
export default defineConfig({
  test: {
    ...base.test,
    maxWorkers: 1,
    env: { POSTHORN_SCALE: '1' },
    include: [
      'test/apps/remove-app.test.ts',
      'test/events/burst.test.ts',
      'test/health/health.test.ts',
      'test/limits/neighbours.test.ts',
      'test/operations/odd-requests.test.ts',
      'test/recovery/recover.test.ts',
    ],
  },
});
