import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problems } from './problem.js';

/** How much this process serves before it asks to wait. 0 is no limit. */
export interface RateLimitOptions {
  readonly requestsPerSecond: number;
  readonly failedAuthenticationsPerMinute: number;
}

export const FAILED_AUTHENTICATIONS_PER_MINUTE = 60;

/** Limits of callers, counted in this process alone. */
export interface RateLimits {
  /**
   * Counts a request.
   * @param caller whose requests are counted together: a key's id
   * @throws Problem 429
   */
  request(caller: string): Promise<void>;
  /**
   * Counts a key that is none.
   * @param address that it came from; undefined for a connection that is gone
   * @throws Problem 429
   */
  failedAuthentication(address: string | undefined): Promise<void>;
}

export function createRateLimits(options: RateLimitOptions): RateLimits {
  const requests = limiter(options.requestsPerSecond, 1);
  const failures = limiter(options.failedAuthenticationsPerMinute, 60);
  return {
    request: (caller) => requests(caller),
    failedAuthentication: (address) => failures(networkOf(address ?? '')),
  };
}

function limiter(points: number, durationSeconds: number): (name: string) => Promise<void> {
  if (points === 0) return () => Promise.resolve();
  const counts = new RateLimiterMemory({ points, duration: durationSeconds });
  return async (name) => {
    try {
      await counts.consume(name);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw problems.tooManyRequests(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  };
}

const IPV6_NETWORK_PARTS = 4;

/**
 * Whoever has an IPv6 address has the 2^64 beside it: they are counted as one. Some proxies name a port too. What is
 * no address at all is counted together, so that nobody can make up new ones.
 */
function networkOf(text: string): string {
  const address = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  if (!ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return parsed.parts.slice(0, IPV6_NETWORK_PARTS).join(':');
}
