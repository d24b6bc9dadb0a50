import type { EndpointSpeed } from './endpoint-speed.js';

/** What a slow endpoint may have in flight of the queued attempts that a process makes at the same time: a quarter. */
export const slowShareOf = (attempts: number) => Math.ceil(attempts / 4);

/** A bulkhead: keeps slow endpoints from taking all queued attempts of a process. */
export class EndpointShares {
  private readonly inFlight = new Map<string, number>();

  /** @param attempts queued attempts that this process makes at the same time */
  constructor(
    private readonly speed: Pick<EndpointSpeed, 'of'>,
    private readonly attempts: number,
  ) {}

  /** Whether an endpoint is slow and has its share in flight. */
  isFull(endpointId: string): boolean {
    if (this.speed.of(endpointId) !== 'slow') return false;
    return (this.inFlight.get(endpointId) ?? 0) >= slowShareOf(this.attempts);
  }

  /** Counts an attempt for as long as it takes. */
  async count<T>(endpointId: string, attempt: () => Promise<T>): Promise<T> {
    this.inFlight.set(endpointId, (this.inFlight.get(endpointId) ?? 0) + 1);
    try {
      return await attempt();
    } finally {
      const left = (this.inFlight.get(endpointId) ?? 1) - 1;
      if (left > 0) this.inFlight.set(endpointId, left);
      else this.inFlight.delete(endpointId);
    }
  }
}
