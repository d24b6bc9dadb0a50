import type { Logger } from 'pino';

/** What one of the two stores had lost, and what was done about it, since the process started. */
export interface GapCounts {
  /** Deliveries that PostgreSQL had lost and that were recorded again. */
  readonly reopened: number;
  /** How often something waited for data that PostgreSQL does not have. */
  readonly waited: number;
  /** Deliveries whose workflow was missing, and that have one again. */
  readonly carriedOn: number;
  /** Deliveries that were open in PostgreSQL although their workflow had ended. */
  readonly settled: number;
}

type Ids = Readonly<Record<`${string}_id`, string | undefined>>;

/** Reports what a store has lost: as log lines and as counts. */
export class LogGaps {
  private counted = { reopened: 0, waited: 0, carriedOn: 0, settled: 0 };

  constructor(private readonly logger: Logger) {}

  get counts(): GapCounts {
    return { ...this.counted };
  }

  reopened(ids: Ids, deliveryIds: readonly string[]): void {
    this.counted.reopened += deliveryIds.length;
    this.logger.warn(
      { ...ids, delivery_ids: deliveryIds, reopened_in_all: this.counted.reopened },
      'recorded deliveries again that PostgreSQL had lost',
    );
  }

  /**
   * @param tries how often it was looked for, with growing pauses: the first, second, fourth and so on are told
   */
  waits(ids: Ids, what: string, tries: number): void {
    this.counted.waited += 1;
    if (Number.isInteger(Math.log2(tries))) {
      this.logger.warn({ ...ids, tries, waited_in_all: this.counted.waited }, `${what}: it waits`);
    }
  }

  carriedOn(ids: Ids, deliveryIds: readonly string[]): void {
    this.counted.carriedOn += deliveryIds.length;
    this.logger.warn(
      { ...ids, delivery_ids: deliveryIds, carried_on_in_all: this.counted.carriedOn },
      'carried on deliveries that had lost their workflow',
    );
  }

  settled(ids: Ids, deliveryIds: readonly string[]): void {
    this.counted.settled += deliveryIds.length;
    this.logger.warn(
      { ...ids, delivery_ids: deliveryIds, settled_in_all: this.counted.settled },
      'ended deliveries whose workflow had already ended',
    );
  }

  /** A workflow that works on an endpoint was missing, and runs again. */
  begunAgain(ids: Ids, what: string): void {
    this.logger.warn(ids, `carried on ${what} that had lost its workflow`);
  }
}
