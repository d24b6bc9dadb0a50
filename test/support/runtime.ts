import type { Logger } from 'pino';
import { installRuntime } from '../../src/temporal/runtime.js';

let installed = false;

/** The SDK's log lines go to the first logger of this process that asks. */
export function logRuntimeTo(logger: Logger): void {
  if (!installed) installRuntime(logger);
  installed = true;
}
