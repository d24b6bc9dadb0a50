import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../lib/errors.js';
import { UserError } from '../lib/user-error.js';
import type { ServerProcess } from './processes/child.js';

/**
 * Probes a server that was just started until the probe passes. When that takes longer than `withinMs`, or the server
 * ends, or the probe throws an `UserError`, or `signal` is aborted, the server is stopped and the reason thrown.
 */
export async function whenReady(
  server: ServerProcess,
  options: { withinMs: number; signal: AbortSignal; probe: () => Promise<void> },
): Promise<void> {
  let over = false;
  const ended = server.exited.then((exit) => {
    throw new UserError(`${exit.name} ended while starting; the end of its log:\n${exit.logTail}`);
  });
  const poll = async (): Promise<void> => {
    for (const deadline = Date.now() + options.withinMs; !over; await delay(50)) {
      options.signal.throwIfAborted();
      try {
        await options.probe();
        return;
      } catch (error) {
        if (error instanceof UserError) throw error;
        if (Date.now() > deadline) throw new UserError(`${server.name} does not answer: ${messageOf(error)}`);
      }
    }
  };
  try {
    await Promise.race([ended, poll()]);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    over = true;
  }
}
