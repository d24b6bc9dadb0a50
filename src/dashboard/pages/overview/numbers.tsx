import { Link } from 'wouter';
import type { components } from '../../../client/index.js';
import { queryOf } from '../../logic/filters.js';
import { count, percent, totalsOf } from '../../logic/stats.js';
import { duration } from '../../logic/times.js';
import { Bars } from '../../parts/bars.js';
import { routes } from '../../routes.js';

/** A day in numbers. Each leads to what it counts. */
export function Numbers({
  app,
  buckets,
}: {
  app: string;
  buckets: readonly components['schemas']['StatsBucket'][];
}) {
  const { events, delivered, failed, retried, attempts, success, p95Ms } = totalsOf(buckets);
  const since = buckets[0]?.start;
  const deliveries = (status: string) => routes.deliveries(app) + queryOf({ status, since });
  return (
    <section aria-label="Last 24 hours" className="card numbers-card">
      <h2>Last 24 hours</h2>
      <div className="numbers">
        <Link className="number" href={routes.events(app) + queryOf({ since })}>
          <strong>{count(events)}</strong>
          <span>events</span>
        </Link>
        <Link className="number" href={deliveries('delivered')}>
          <strong>{count(delivered)}</strong>
          <span>delivered{success !== null && `, ${percent(success)}`}</span>
        </Link>
        <Link className={failed > 0 ? 'number bad' : 'number'} href={deliveries('failed')}>
          <strong>{count(failed)}</strong>
          <span>failed for good</span>
        </Link>
        <div className="number">
          <strong>{count(retried)}</strong>
          <span>of {count(attempts)} attempts were retries</span>
        </div>
        <div className="number">
          <strong>{p95Ms === null ? '–' : duration(p95Ms)}</strong>
          <span>95 % of attempts are faster</span>
        </div>
      </div>
      <Bars name="Deliveries in the last 24 hours" buckets={buckets} />
    </section>
  );
}
