import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';

/** Work at a pace is done in slices of some seconds: a worker that stops waits for the end of one. */
export const SLICE_MS = 2_000;
const HEARTBEAT_MS = 1_000;

/** @param progress what the activity's next try is to know */
export async function pause(milliseconds: number, progress?: unknown): Promise<void> {
  for (let left = milliseconds; left > 0; left -= HEARTBEAT_MS) {
    heartbeat(progress);
    await sleep(Math.min(left, HEARTBEAT_MS));
  }
}
