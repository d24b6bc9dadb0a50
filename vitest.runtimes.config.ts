import { defineConfig } from 'vitest/config';

/** `npm run runtimes`: `posthorn/verify` in other runtimes, which it installs once. It needs no servers. */
export default defineConfig({
  test: { include: ['test/runtimes/runtimes.ts'], testTimeout: 60_000 },
});
