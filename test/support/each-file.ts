import { aroundAll } from 'vitest';
import { expectNothingLeftOpen } from './left-open.js';
import { stopWhatTheFileStarted } from './stop-afterwards.js';

/** Each stop has its own limit. */
const PATIENCE_MS = 600_000;

// Vitest runs this for each file of tests. Around all of its hooks: a failure in one of them leaves nothing open either.
aroundAll(async (runFile) => {
  await runFile();
  await stopWhatTheFileStarted();
  await expectNothingLeftOpen();
}, PATIENCE_MS);
