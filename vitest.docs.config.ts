import { defineConfig } from 'vitest/config';

/** `npm run docs`: the tests that compare the generated parts of the pages write them anew. They need no servers. */
export default defineConfig({
  test: { include: ['test/unit/profile-pages.test.ts', 'test/unit/pages.test.ts'] },
});
