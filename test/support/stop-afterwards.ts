import { onTestFinished, TestRunner } from 'vitest';
import { withTimeout } from '../../src/lib/timeout.js';

const ofTheFile: (() => Promise<unknown>)[] = [];

/**
 * Tests stop nothing themselves: what starts something in this folder registers its stop here. What a test or its
 * `beforeEach` has started is stopped when that test has finished; what `beforeAll` has started, at the end of the
 * file. That happens also when an assertion has failed, and what was started last is stopped first.
 *
 * Of tests that run concurrently Vitest does not know whose call this is: what they start is stopped at the end of the
 * file, too.
 *
 * It returns the stop, for a test in which the stop is part of what it tests: called again, it does nothing more.
 */
export function stopAfterwards<T>(stop: () => T | Promise<T>): () => Promise<T> {
  let stopped: Promise<T> | undefined;
  const stopOnce = () => (stopped ??= new Promise((resolve) => resolve(stop())));
  const test = TestRunner.getCurrentTest();
  if (test && test.concurrent !== true) {
    onTestFinished(async () => {
      await stopOnce();
    });
  } else ofTheFile.push(stopOnce);
  return stopOnce;
}

/** A stop that takes longer has failed. */
const LONGEST_STOP_MS = 60_000;

/** Stops what the file has started. One that fails, or hangs, does not keep the others from being stopped. */
export async function stopWhatTheFileStarted(): Promise<void> {
  const failures: unknown[] = [];
  for (let stop = ofTheFile.pop(); stop; stop = ofTheFile.pop()) {
    const tooLong = () => new Error(`a stop took longer than ${LONGEST_STOP_MS / 1_000} s`);
    await withTimeout(LONGEST_STOP_MS, stop(), tooLong).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, 'what this file had started could not be stopped');
}
