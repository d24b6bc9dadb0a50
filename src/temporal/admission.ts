import { FairQueue } from '../lib/fair-queue.js';

/** Events that a process has started and not opened yet: with more at the same time, two cores do less. */
const MOST = 25;
/** A caller waits no longer than this. */
const PATIENCE_MS = 1_000;
/** As long as a workflow task may take: by then somebody else may have the event. */
const PLACE_MS = 10_000;

interface Waiting {
  readonly workflowId: string;
  readonly enter: () => void;
}

/**
 * Keeps the events that a process starts in step with those that it opens. Temporal takes new workflows faster than
 * their work is done; one that finds no free slot in this process goes through Temporal's queue instead, which costs
 * as much again: a process that started all that comes would get slower the more comes.
 *
 * So a submission waits for a place, in turn with those of other applications, and not for long: one that has waited
 * in vain is started all the same.
 */
export class Admission {
  /** By workflow, with what gives each back in the end. */
  private readonly places = new Map<string, NodeJS.Timeout>();
  private readonly waiting = new FairQueue<Waiting>();

  /** Waits for a place for an event that is to be started. */
  async enter(appId: string, workflowId: string): Promise<void> {
    if (this.places.size < MOST) this.give(workflowId);
    else await this.turn(appId, workflowId);
  }

  /** It has been opened, or is not this process's to open. */
  leave(workflowId: string): void {
    clearTimeout(this.places.get(workflowId));
    if (!this.places.delete(workflowId)) return;
    while (this.places.size < MOST) {
      const next = this.waiting.take();
      if (!next) return;
      this.give(next.workflowId);
      next.enter();
    }
  }

  private give(workflowId: string): void {
    clearTimeout(this.places.get(workflowId));
    this.places.set(workflowId, setTimeout(() => this.leave(workflowId), PLACE_MS).unref());
  }

  private turn(appId: string, workflowId: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        workflowId,
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.waiting.remove(appId, waiting);
        resolve();
      }, PATIENCE_MS);
      this.waiting.add(appId, waiting);
    });
  }
}
