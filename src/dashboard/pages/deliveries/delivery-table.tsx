import { Link } from 'wouter';
import { errorName } from '../../logic/attempt-words.js';
import { deliveryStatus } from '../../logic/statuses.js';
import { Countdown } from '../../parts/countdown.js';
import { RetryButton } from '../../parts/delivery-buttons.js';
import { Status } from '../../parts/status.js';
import { Cell, Row, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import type { Delivery, Webhook } from '../../queries.js';
import { routes } from '../../routes.js';

const COLUMNS = ['Event', 'Type', 'Endpoint', 'Status', 'Attempts', 'Last answer', 'Next attempt', 'Created'];

export function DeliveryTable({
  app,
  deliveries,
  endpoints,
  hidesEndpoint,
}: {
  app: string;
  deliveries: readonly Delivery[];
  endpoints: readonly Webhook[] | undefined;
  hidesEndpoint: boolean;
}) {
  const urls = new Map(endpoints?.map(({ id, url }) => [id, url]));
  return (
    <Table name="Deliveries" columns={COLUMNS.filter((column) => !hidesEndpoint || column !== 'Endpoint')}>
      {deliveries.map((delivery) => (
        <Row key={delivery.id}>
          <Cell>
            <Link href={`${routes.event(app, delivery.event_id)}#delivery-${delivery.id}`}>
              {delivery.event_id}
            </Link>
            {delivery.trigger !== 'event' && <span className="tag">{delivery.trigger}</span>}
          </Cell>
          <Cell label="Type">{delivery.event_type}</Cell>
          {!hidesEndpoint && (
            <Cell label="Endpoint">
              <EndpointLink
                app={app}
                id={delivery.webhook_id}
                url={endpoints && (urls.get(delivery.webhook_id) ?? null)}
              />
            </Cell>
          )}
          <Cell label="Status">
            <Status {...deliveryStatus(delivery)} />
          </Cell>
          <Cell label="Attempts">{delivery.attempt_count}</Cell>
          <Cell label="Last answer">
            {delivery.last_status_code ??
              (delivery.last_error === null ? (
                <span className="muted">–</span>
              ) : (
                errorName(delivery.last_error)
              ))}
          </Cell>
          <Cell label="Next attempt">
            {delivery.next_attempt_at === null ? (
              <span className="muted">–</span>
            ) : (
              <span className="row-actions">
                <Countdown at={delivery.next_attempt_at} />
                <RetryButton app={app} id={delivery.id} />
              </span>
            )}
          </Cell>
          <Cell label="Created">
            <Time at={delivery.created_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** An endpoint that was deleted has no page. Without the right to see endpoints, its id is all that is known. */
function EndpointLink({ app, id, url }: { app: string; id: string; url: string | null | undefined }) {
  if (url === undefined) return <span className="muted">{id}</span>;
  if (url === null) return <span className="muted">deleted endpoint</span>;
  return (
    <Link className="plain" href={routes.endpoint(app, id)} title={url}>
      <bdi>{url}</bdi>
    </Link>
  );
}
