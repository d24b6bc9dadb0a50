import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run scale`: the tests whose numbers are larger with POSTHORN_SCALE, one file after the other. */
export default defineConfig({
  test: {
    ...base.test,
    maxWorkers: 1,
    env: { POSTHORN_SCALE: '1' },
    include: ['test/server/{burst,health,neighbours,recover,remove-app}.test.ts'],
  },
});
