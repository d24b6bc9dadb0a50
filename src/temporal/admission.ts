import { FairQueue } from '../lib/fair-queue.js';
import type { EventInput } from '../workflows/contract/event.js';
import type { EventWorkflows } from './client/event-workflows.js';

/** Events whose workflow is started and has no recording yet, at most. 25 was fastest on two cores (docs/decisions/0019). */
export const MOST_ADMITTED = 25;
/** A place is given back after this time at the latest: PostgreSQL may hang, or the workflow may never ask. */
export const LONGEST_PLACE_MS = 10_000;
/** A submission waits no longer than this for its place. */
export const ADMISSION_PATIENCE_MS = 1_000;

/** A place among the events whose workflow is started and has no recording yet. */
export interface Place {
  /** Gives the place to the next one. A second call does nothing. */
  release(): void;
}

/**
 * Admission control: a bounded window of the events that a process has started, and whose workflow has not got its
 * recording yet. Temporal takes new workflows faster than their work is done, and one that finds no free slot in this
 * process goes through Temporal's queue, which costs as much again. So a process that started everything at once would
 * get slower the more comes. A place is not given back when the log has the event: the workflow's task keeps its slot
 * until the workflow has the recording.
 *
 * Applications take turns. A submission that has waited for a second is let through without a place.
 */
export class Admission {
  private admitted = 0;
  private readonly waiting = new FairQueue<() => void>();

  async enter(appId: string): Promise<Place> {
    if (this.admitted < MOST_ADMITTED) return this.place();
    return new Promise((resolve) => {
      const enter = () => {
        clearTimeout(timer);
        resolve(this.place());
      };
      const timer = setTimeout(() => {
        this.waiting.remove(appId, enter);
        resolve({ release: () => undefined });
      }, ADMISSION_PATIENCE_MS);
      this.waiting.add(appId, enter);
    });
  }

  private place(): Place {
    this.admitted += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      clearTimeout(timer);
      this.admitted -= 1;
      this.waiting.take()?.();
    };
    const timer = setTimeout(release, LONGEST_PLACE_MS).unref();
    return { release };
  }
}

/**
 * The same workflows for the API of a process that has a worker: each event waits for its place before it is started,
 * and has it until its workflow has the recording.
 * @param record records an event whose first task this process has got with its start; ends when its workflow has the
 *   recording
 */
export function admitted(
  workflows: EventWorkflows,
  admission: Admission,
  record: (event: EventInput, firstRunId: string) => Promise<unknown>,
): EventWorkflows {
  return {
    ...workflows,
    async startEvent(event, again) {
      const place = await admission.enter(event.appId);
      let recorded: Promise<unknown> = Promise.resolve();
      try {
        const started = await workflows.startEvent(event, again);
        if (started.kind === 'here') recorded = record(event, started.runId);
        return started;
      } finally {
        void recorded.catch(() => undefined).then(() => place.release());
      }
    },
  };
}
