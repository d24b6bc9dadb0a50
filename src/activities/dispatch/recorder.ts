import { LRUCache } from 'lru-cache';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import type { EventInput, Opening } from '../../workflows/contract/event.js';
import type { Opener } from './open-events.js';
import type { EventToOpen } from './plan-opening.js';

interface Ahead {
  readonly result: Promise<Opening>;
  /** Breaks it off: the process must end. */
  readonly interrupt: () => void;
  /** Says that the workflow has its result. */
  readonly handedOver: () => void;
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
  /** The runs that have asked, each until it has its result: nothing is begun ahead of them any more. */
  private readonly asked = new LRUCache<string, Promise<void>>({ max: MOST, ttl: KEEP_MS });
  private isEnding = false;

  constructor(private readonly record: (own: EventToOpen, opener: Opener) => Promise<Opening>) {}

  /**
   * Begins to record an event before its workflow asks. Resolves when the workflow's activity has the result; until then
   * the event has its place (`temporal/admission.ts`).
   */
  async recordAhead(event: EventInput, firstRunId: string): Promise<void> {
    const asked = this.asked.get(firstRunId);
    if (asked || this.isEnding) return asked;
    const ending = new AbortController();
    const workflowId = eventWorkflowId(event.appId, event.eventId);
    const opener = { mayAttempt: true, stops: ending.signal };
    const result = this.record({ event, workflowId, openedBy: firstRunId }, opener);
    // The activity hears of a failure, and is tried again.
    result.catch(() => undefined);
    await new Promise<void>((handedOver) => {
      this.ahead.set(firstRunId, { result, interrupt: () => ending.abort(), handedOver });
    });
  }

  /** Records an event for its workflow. */
  recorded(own: EventToOpen, opener: Opener): Promise<Opening> {
    const ahead = this.ahead.get(own.openedBy);
    this.ahead.delete(own.openedBy);
    if (ahead) opener.stops.addEventListener('abort', ahead.interrupt);
    const result = ahead?.result ?? this.record(own, opener);
    const handOver = () => {
      this.asked.set(own.openedBy, DONE);
      ahead?.handedOver();
    };
    this.asked.set(own.openedBy, result.then(handOver, handOver));
    return result;
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

/** Made outside of any activity: a promise that is made within one keeps its context, and with that the recording. */
const DONE = Promise.resolve();
