import { defineConfig } from 'vitest/config';

/**
 * `npm run docs`: the tests that compare the generated parts of the pages, and the generated types of posthorn/client,
 * write them anew. They need no servers.
 */
export default defineConfig({
  test: { include: ['profile-pages', 'pages', 'client-types'].map((name) => `test/unit/${name}.test.ts`) },
});
