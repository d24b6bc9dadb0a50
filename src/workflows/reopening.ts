import { proxyActivities, TemporalFailure, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import type { KnownDelivery, Reopened } from './known-deliveries.js';
import { opening, untilKnown } from './options.js';

const patient = proxyActivities<WorkflowActivities>(untilKnown);
const brief = proxyActivities<WorkflowActivities>(opening);

/**
 * Writes deliveries into the log that it has lost, with those of their workflow that have ended. What is wanted while
 * that is being done for others goes together afterwards: of a thousand deliveries, a few calls come.
 */
export class Reopening {
  private wanted: KnownDelivery[] = [];
  private next: Promise<Reopened> | null = null;
  private current: Promise<unknown> = Promise.resolve();
  private readonly told = new Set<string>();

  /** @param ended the workflow's deliveries that have ended */
  constructor(private readonly ended: () => readonly KnownDelivery[]) {}

  /** Waits for as long as nobody knows the event's body, or its application. */
  untilDone(delivery: KnownDelivery): Promise<Reopened> {
    this.wanted.push(delivery);
    this.next ??= this.current.then(() => {
      const wanted = this.wanted;
      this.wanted = [];
      this.next = null;
      const call = this.call(patient, wanted);
      this.current = call.catch(() => undefined);
      return call;
    });
    return this.next;
  }

  /** Tries a few times; true when the log has the delivery again. */
  async ifPossible(delivery: KnownDelivery): Promise<boolean> {
    try {
      return (await this.call(brief, [delivery])) === 'reopened';
    } catch (error) {
      if (error instanceof TemporalFailure) return false;
      throw error;
    }
  }

  private async call(
    { reopenDeliveries }: typeof patient,
    wanted: readonly KnownDelivery[],
  ): Promise<Reopened> {
    const ended = this.ended().filter(({ id }) => !this.told.has(id));
    const reopened = await reopenDeliveries([...wanted, ...ended], workflowInfo().firstExecutionRunId);
    if (reopened === 'reopened') for (const { id } of ended) this.told.add(id);
    return reopened;
  }
}
