import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The Temporal SDK's native module does not share a process between worker threads.
    pool: 'forks',
    // Two processes of tests, the servers, and the machines have two cores.
    maxWorkers: 2,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/each-file.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is polled for comes sooner on a machine that is not busy.
    expect: { poll: { timeout: 20_000 } },
  },
});
