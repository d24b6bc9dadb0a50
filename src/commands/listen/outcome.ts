import { setTimeout as pause } from 'node:timers/promises';
import { PosthornProblem, type Api } from '../../client/index.js';
import { durationText } from '../shared/durations.js';

/** How long the log may take to have an attempt that was answered. */
const PATIENCE_MS = 2_000;
const FIRST_PAUSE_MS = 20;

/** Says what becomes of deliveries to one endpoint. */
export class Outcomes {
  /** The newest attempt that was told of, by delivery. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly api: Api,
    private readonly appId: string,
    private readonly endpointId: string,
  ) {}

  /**
   * What the log says of the attempt that was answered just now: `delivered at attempt 2`, `next attempt in 5 s`. Null when
   * the log does not have it soon.
   */
  async after(eventId: string): Promise<string | null> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_PAUSE_MS; Date.now() < deadline; wait *= 2) {
      const delivery = await this.newestDelivery(eventId);
      if (delivery && this.isNews(delivery)) {
        this.told.set(delivery.id, delivery.attempt_count);
        return outcomeOf(delivery);
      }
      await pause(wait);
    }
    return null;
  }

  private async newestDelivery(eventId: string) {
    try {
      const query = { webhook_id: this.endpointId, event_id: eventId, limit: 1 };
      const { data } = await this.api.GET('/v1/apps/{app_id}/deliveries', {
        params: { path: { app_id: this.appId }, query },
      });
      return data.deliveries[0] ?? null;
    } catch (error) {
      // It is only an addition to the line.
      if (error instanceof PosthornProblem) return null;
      throw error;
    }
  }

  /** An attempt that goes on is not over yet, and one that was told of is not this one. */
  private isNews({
    id,
    status,
    attempt_count,
  }: {
    id: string;
    status: string;
    attempt_count: number;
  }): boolean {
    return status !== 'processing' && attempt_count > (this.told.get(id) ?? 0);
  }
}

function outcomeOf(delivery: {
  readonly status: string;
  readonly reason: string | null;
  readonly attempt_count: number;
  readonly next_attempt_at: string | null;
}): string {
  if (delivery.status === 'delivered') {
    return delivery.attempt_count === 1 ? 'delivered' : `delivered at attempt ${delivery.attempt_count}`;
  }
  if (delivery.next_attempt_at !== null) {
    return `next attempt in ${durationText(Math.max(0, Date.parse(delivery.next_attempt_at) - Date.now()))}`;
  }
  return delivery.reason === null ? delivery.status : `${delivery.status}: ${delivery.reason}`;
}
