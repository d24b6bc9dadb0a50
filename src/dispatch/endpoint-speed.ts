import { ResponsiveClock, type ResponsivePatience } from '../lib/responsive-clock.js';
import { FAST_FOR_MS, FAST_MS, FEWEST_LOOKS, LONGEST_FAST_MS, LOOKS, SLOW_FOR_MS } from './limits.js';

const MOST_KNOWN = 100_000;

/**
 * How fast each endpoint answers, as this process has seen it. A first attempt is made at once only to a fast endpoint,
 * because it holds a workflow-task slot meanwhile:
 *
 * - an endpoint that answers within 500 ms, whatever its status, is fast for 10 minutes;
 * - one that has not answered after 500 ms is slow for a minute, from that moment on; so is one that gives no answer;
 * - while the process is too busy to read answers, a late one says nothing, for up to 2 s (`ResponsiveClock`);
 * - of all others nothing is known.
 */
export class EndpointSpeed {
  /** The endpoints that were learned of last stand last. */
  private readonly known = new Map<string, { readonly isFast: boolean; readonly until: number }>();
  private readonly clock: ResponsiveClock;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {
    const wait = { ms: FAST_MS, looks: LOOKS, fewestLooks: FEWEST_LOOKS, longestMs: LONGEST_FAST_MS };
    this.clock = new ResponsiveClock(wait, now);
  }

  of(endpointId: string): 'fast' | 'slow' | 'unknown' {
    const known = this.known.get(endpointId);
    if (!known || known.until <= this.now()) return 'unknown';
    return known.isFast ? 'fast' : 'slow';
  }

  /** The time in which fast endpoints answer POSTs that begin now. */
  patience(): ResponsivePatience {
    return this.clock.begin();
  }

  /** Watches one POST, and learns from it. */
  async watch<T>(endpointId: string, post: () => Promise<T>, isAnswer: (outcome: T) => boolean): Promise<T> {
    const patience = this.patience();
    void patience.over.then(() => this.learn(endpointId, false));
    try {
      const outcome = await post();
      const verdict = isAnswer(outcome) ? patience.verdict() : 'late';
      if (verdict !== 'unknown') this.learn(endpointId, verdict === 'in_time');
      return outcome;
    } finally {
      patience.cancel();
    }
  }

  private learn(endpointId: string, isFast: boolean): void {
    this.known.delete(endpointId);
    this.known.set(endpointId, { isFast, until: this.now() + (isFast ? FAST_FOR_MS : SLOW_FOR_MS) });
    for (const [id, { until }] of this.known) {
      if (until > this.now() && this.known.size <= MOST_KNOWN) break;
      this.known.delete(id);
    }
  }
}
