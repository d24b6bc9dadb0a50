import { setTimeout as sleep } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Quota } from '../../lib/quota.js';
import { FairJobs } from './fair-jobs.js';
import { problems } from '../http/problem.js';

/** Limits of this process. 0: no limit. */
export interface RateLimitOptions {
  readonly requestsPerSecond: number;
  readonly failedAuthenticationsPerMinute: number;
}

export const FAILED_AUTHENTICATIONS_PER_MINUTE = 60;

/** Checks of targets that an application may have: each connects to where it says. */
const CHECKS_PER_SECOND = 1;
/** Bytes of requests that one caller may have in progress: ten of the largest batches, or four thousand small requests. */
const MOST_UNDER_WAY_BYTES = 16_777_216;
/** Bytes that a request counts for, beside its body. */
const REQUEST_BYTES = 4_096;
/** After blocking work, others are served for this many times as long as it took: its consequences take as long again. */
const REST = 3;

/** Limits on callers, counted in this process alone. */
export interface RateLimits {
  /**
   * Counts a request.
   * @param caller whose requests are counted together: a key's id
   * @throws Problem 429
   */
  request(caller: string): Promise<void>;
  /**
   * Counts a wrong key.
   * @param address that it came from; undefined for a connection that is gone
   * @throws Problem 429
   */
  failedAuthentication(address: string | undefined): Promise<void>;
  /**
   * Counts a check of a target, of which an application may have one a second.
   * @throws Problem 429
   */
  check(appId: string): Promise<void>;
  /**
   * Counts a request of a caller as in progress, from now until it ends.
   * @throws Problem 429
   */
  begin(caller: string): UnderWay;
}

/** A request in progress. */
export interface UnderWay {
  /**
   * Counts bytes of its body.
   * @throws Problem 429
   */
  add(bytes: number): void;
  /**
   * Runs work that blocks the process: one piece at a time, in turn for all callers, with a rest after each in which
   * others are served.
   * @param characters size of what waits with it
   * @throws Problem 503 when too much waits already
   */
  inTurn<T>(characters: number, work: () => T): Promise<T>;
  end(): void;
}

export function createRateLimits(options: RateLimitOptions): RateLimits {
  const requests = limiter(options.requestsPerSecond, 1);
  const failures = limiter(options.failedAuthenticationsPerMinute, 60);
  const checks = limiter(CHECKS_PER_SECOND, 1);
  const quota = new Quota(MOST_UNDER_WAY_BYTES);
  const queue = new FairJobs();
  return {
    request: (caller) => requests(caller),
    check: (appId) => checks(appId),
    failedAuthentication: (address) => failures(networkOf(address ?? '')),
    begin(caller) {
      let bytes = 0;
      const add = (more: number) => {
        if (!quota.enter(caller, more)) throw problems.tooMuchUnderWay();
        bytes += more;
      };
      add(REQUEST_BYTES);
      return {
        add,
        inTurn: (characters, work) => queue.run(caller, characters, () => restingAfter(work)),
        end: () => quota.leave(caller, bytes),
      };
    },
  };
}

async function restingAfter<T>(work: () => T): Promise<T> {
  const begunAt = performance.now();
  try {
    return work();
  } finally {
    await sleep(REST * (performance.now() - begunAt));
  }
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
 * The key of an address: an IPv6 address counts with its /64, because whoever has one has them all. A port that some
 * proxies add is ignored. Everything that is no address counts as one, so that nobody can make up new ones.
 */
function networkOf(text: string): string {
  const address = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  if (!ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return parsed.parts.slice(0, IPV6_NETWORK_PARTS).join(':');
}
