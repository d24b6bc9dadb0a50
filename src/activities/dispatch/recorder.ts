import { LRUCache } from 'lru-cache';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import type { EventInput, Opening } from '../../workflows/contract.js';
import type { Opener } from './open-events.js';
import type { EventToOpen } from './plan-opening.js';

interface Ahead {
  readonly result: Promise<Opening>;
  /** Breaks it off: the process must end. */
  readonly interrupt: () => void;
}

/** Longer than a workflow takes to ask. */
const KEEP_MS = 120_000;
const MOST = 20_000;

/**
 * Records events for their workflows, some of them before they ask: when Temporal has just accepted an event and given
 * its first task to this process, the workflow asks some milliseconds later, and gets what has begun. Whoever comes
 * second gets the first one's result. Should the workflow never ask, the log knows what has been done.
 */
export class Recorder {
  /** By the first run of the workflow. */
  private readonly ahead = new LRUCache<string, Ahead>({ max: MOST, ttl: KEEP_MS });
  /** The runs that have asked: nothing is begun ahead of them any more. */
  private readonly asked = new LRUCache<string, true>({ max: MOST, ttl: KEEP_MS });
  private isEnding = false;

  constructor(private readonly record: (own: EventToOpen, opener: Opener) => Promise<Opening>) {}

  /** Begins to record an event before its workflow asks; ends when it is recorded. */
  async recordAhead(event: EventInput, firstRunId: string): Promise<void> {
    if (this.isEnding || this.asked.has(firstRunId)) return;
    const ending = new AbortController();
    const workflowId = eventWorkflowId(event.appId, event.eventId);
    const opener = { mayAttempt: true, stops: ending.signal };
    const result = this.record({ event, workflowId, openedBy: firstRunId }, opener);
    this.ahead.set(firstRunId, { result, interrupt: () => ending.abort() });
    // The activity hears of a failure, and is tried again.
    await result.catch(() => undefined);
  }

  /** Records an event for its workflow. */
  recorded(own: EventToOpen, opener: Opener): Promise<Opening> {
    this.asked.set(own.openedBy, true);
    const ahead = this.ahead.get(own.openedBy);
    if (!ahead) return this.record(own, opener);
    this.ahead.delete(own.openedBy);
    opener.stops.addEventListener('abort', ahead.interrupt);
    return ahead.result;
  }

  /** Nothing is begun ahead any more: the workers are about to end. */
  end(): void {
    this.isEnding = true;
  }

  /** Waits for what no workflow has asked for. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.ahead.values()].map(({ result }) => result));
  }
}
