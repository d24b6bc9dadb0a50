import { createContext, Script } from 'node:vm';

/** Work that callers' programs decide the length of (their JSON Schemas), cut off by the clock. */

const sandbox: { run: () => unknown } = createContext({ run: () => undefined }) as { run: () => unknown };
const runIt = new Script('run()');

/**
 * Runs `work`, cut off by the clock wherever it is: also inside a regular expression.
 * @throws what `work` throws, or an error that `isOutOfTime` knows
 */
export function inTime<T>(milliseconds: number, work: () => T): T {
  sandbox.run = work;
  try {
    return runIt.runInContext(sandbox, { timeout: milliseconds }) as T;
  } finally {
    sandbox.run = () => undefined;
  }
}

export function isOutOfTime(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
