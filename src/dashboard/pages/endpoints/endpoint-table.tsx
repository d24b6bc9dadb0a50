import { Link } from 'wouter';
import { inFewWords } from '../../logic/event-type-groups.js';
import { endpointStatus } from '../../logic/statuses.js';
import { Status } from '../../parts/status.js';
import { Cell, Row, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import type { Webhook } from '../../queries.js';
import { routes } from '../../routes.js';

export function EndpointTable({ app, endpoints }: { app: string; endpoints: readonly Webhook[] }) {
  return (
    <Table name="Endpoints" columns={['URL', 'Events', 'Status', 'Failed in a row', 'Last attempt']}>
      {endpoints.map((endpoint) => (
        <Row key={endpoint.id}>
          <Cell>
            <Link href={routes.endpoint(app, endpoint.id)}>
              <bdi>{endpoint.url}</bdi>
            </Link>
            {endpoint.description !== null && <p className="muted clipped">{endpoint.description}</p>}
          </Cell>
          <Cell label="Events">
            <span title={endpoint.event_types.join('\n')}>{inFewWords(endpoint.event_types)}</span>
          </Cell>
          <Cell label="Status">
            <Status {...endpointStatus(endpoint.status, endpoint.disabled_reason)} />
          </Cell>
          <Cell label="Failed in a row">
            <span className={endpoint.failure_count > 0 ? 'bad' : 'muted'}>{endpoint.failure_count}</span>
          </Cell>
          <Cell label="Last attempt">
            {endpoint.last_triggered_at === null ? (
              <span className="muted">never</span>
            ) : (
              <Time at={endpoint.last_triggered_at} />
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
