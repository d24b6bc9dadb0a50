import { Link } from 'wouter';
import { endpointStatus } from '../../logic/statuses.js';
import { counted } from '../../logic/stats.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import type { Webhook } from '../../queries.js';
import { routes } from '../../routes.js';

/** The endpoints that are not as they should be, the disabled ones first. */
export function Attention({ app, endpoints }: { app: string; endpoints: readonly Webhook[] }) {
  const concerned = endpoints
    .filter(({ status, failure_count: failures }) => status !== 'active' || failures > 0)
    .toSorted((one, other) => rank(one) - rank(other));
  if (endpoints.length === 0) return null;
  return (
    <section aria-label="Endpoints that need attention" className="card">
      <h2>Endpoints that need attention</h2>
      {concerned.length === 0 && (
        <p className="muted">
          None: {endpoints.length === 1 ? 'the endpoint is' : `all ${endpoints.length} endpoints are`} active.
        </p>
      )}
      <ul className="attention">
        {concerned.map((endpoint) => (
          <li key={endpoint.id}>
            <Link href={routes.endpoint(app, endpoint.id)}>
              <bdi>{endpoint.url}</bdi>
            </Link>
            <Status {...endpointStatus(endpoint.status, endpoint.disabled_reason)} />
            <span className="muted">
              {endpoint.failure_count > 0 &&
                `${counted(endpoint.failure_count, 'delivery', 'deliveries')} in a row failed. `}
              {endpoint.disabled_at !== null && (
                <>
                  Disabled <Time at={endpoint.disabled_at} />.
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function rank({ status }: Webhook): number {
  return status === 'disabled' ? 0 : status === 'paused' ? 2 : 1;
}
