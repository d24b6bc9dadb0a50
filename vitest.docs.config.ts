import { defineConfig } from 'vitest/config';

/** `npm run docs`: the test that compares the generated parts of the pages writes them anew. It needs no servers. */
export default defineConfig({ test: { include: ['test/unit/profile-pages.test.ts'] } });
