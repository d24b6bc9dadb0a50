import { EXIT } from './exit-codes.js';

const leave = () => process.exit(EXIT.interrupted);

/** Has Ctrl-C end the command at once, with 130. */
export function endAtInterrupt(): void {
  process.on('SIGINT', leave);
}

/** Has Ctrl-C, and a wish to end, abort this instead: a command that runs until then ends in its own way, with 0. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.off('SIGINT', leave);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A second time ends it at once.
    process.once(name, () => controller.abort());
  }
  return controller.signal;
}
