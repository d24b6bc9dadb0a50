import type { components } from '../../client/index.js';

type Bucket = components['schemas']['StatsBucket'];

export interface Totals {
  readonly events: number;
  readonly delivered: number;
  readonly failed: number;
  readonly attempts: number;
  readonly retried: number;
  /** Share of the ended deliveries that were delivered, 0 to 1; null when none ended. */
  readonly success: number | null;
  /** The slowest bucket's: percentiles cannot be summed. */
  readonly p95Ms: number | null;
}

export function totalsOf(buckets: readonly Bucket[]): Totals {
  const sum = (of: (bucket: Bucket) => number) => buckets.reduce((total, bucket) => total + of(bucket), 0);
  const delivered = sum((bucket) => bucket.delivered);
  const failed = sum((bucket) => bucket.failed);
  const p95s = buckets.flatMap(({ p95_ms: p95 }) => (p95 === null ? [] : [p95]));
  return {
    events: sum((bucket) => bucket.events),
    delivered,
    failed,
    attempts: sum((bucket) => bucket.attempts),
    retried: sum((bucket) => bucket.retried),
    success: delivered + failed === 0 ? null : delivered / (delivered + failed),
    p95Ms: p95s.length === 0 ? null : Math.max(...p95s),
  };
}

/** `99.2 %`. It is never rounded up to 100, nor down to 0. */
export function percent(share: number): string {
  if (share === 1 || share === 0) return `${share * 100} %`;
  const rounded = Math.min(99.9, Math.max(0.1, Math.round(share * 1_000) / 10));
  return `${rounded.toFixed(1)} %`;
}

/** `1,204`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 endpoint`, `2 endpoints`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
