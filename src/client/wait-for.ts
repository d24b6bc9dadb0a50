import type { components } from './api-types.js';
import { pause, type Signals } from './signals.js';

export type EventWithDeliveries = components['schemas']['EventWithDeliveries'];

export interface WaitOptions {
  /** In milliseconds; 60,000 without it. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The time was up, and deliveries of the event were still open. They go on. */
export class StillPending extends Error {
  override name = 'StillPending';

  /** @param event as it was seen last */
  constructor(
    readonly event: EventWithDeliveries,
    timeoutMs: number,
  ) {
    super(`The event ${event.id} is still pending after ${timeoutMs / 1_000} s: its deliveries go on.`);
  }
}

const LONGEST_WAIT_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const GROWTH = 1.5;

/**
 * The event as soon as none of its deliveries is open. Asks at growing distances: soon at first, every 2 s later.
 * @throws StillPending; what `look` throws
 */
export async function untilSettled(
  look: () => Promise<EventWithDeliveries>,
  { timeoutMs = LONGEST_WAIT_MS }: WaitOptions,
  signals: Signals,
): Promise<EventWithDeliveries> {
  const deadline = Date.now() + timeoutMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * GROWTH)) {
    const event = await look();
    if (event.status !== 'pending') return event;
    const left = deadline - Date.now();
    if (left <= 0) throw new StillPending(event, timeoutMs);
    await pause(Math.min(wait, left), signals);
  }
}
