import { Link } from 'wouter';
import type { EndpointDeliveries } from '../../logic/by-endpoint.js';
import { deliveryStatus } from '../../logic/statuses.js';
import { NextAttempt } from '../../parts/countdown.js';
import { ResendButton, RetryButton } from '../../parts/delivery-buttons.js';
import { RequestButtons } from '../../parts/request-buttons.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import type { DeliveryWithAttempts } from '../../queries.js';
import { routes } from '../../routes.js';
import { Attempts } from './attempts.js';
import { Remedies } from './remedies.js';
import { ScheduleAhead } from './schedule-ahead.js';

/** How an event fares at one endpoint. */
export function DeliverySection({
  app,
  group: { webhookId, latest, earlier },
  url,
}: {
  app: string;
  group: EndpointDeliveries;
  /** Null: it was deleted. */
  url: string | null;
}) {
  const { id, event_id: event, explanation, next_attempt_at: next, trigger } = latest;
  return (
    <section
      id={`delivery-${id}`}
      aria-label={`Delivery to ${url ?? 'a deleted endpoint'}`}
      className="card delivery"
    >
      <div className="delivery-head">
        <h2>
          {url === null ? (
            'Deleted endpoint'
          ) : (
            <Link href={routes.endpoint(app, webhookId)}>
              <bdi>{url}</bdi>
            </Link>
          )}
        </h2>
        <Status {...deliveryStatus(latest)} />
        {trigger !== 'event' && <span className="tag">{trigger}</span>}
        {next !== null && <NextAttempt at={next} />}
      </div>
      <div role="group" aria-label="Why" className="why">
        {explanation.text}
      </div>
      {url !== null && <Remedies app={app} webhook={webhookId} remedies={explanation.remedies} />}
      <div className="actions">
        {next !== null && <RetryButton app={app} id={id} />}
        {url !== null && (
          <>
            <ResendButton app={app} event={event} webhook={webhookId}>
              Resend
            </ResendButton>
            <RequestButtons app={app} deliveryId={id} />
          </>
        )}
      </div>
      <Attempts name="Attempts" delivery={latest} />
      <ScheduleAhead ahead={latest.schedule_ahead} />
      {earlier.map((delivery) => (
        <Earlier key={delivery.id} delivery={delivery} />
      ))}
    </section>
  );
}

function Earlier({ delivery }: { delivery: DeliveryWithAttempts }) {
  return (
    <details className="earlier" id={`delivery-${delivery.id}`}>
      <summary>
        Earlier delivery ({delivery.trigger}), <Time at={delivery.created_at} as="both" />
      </summary>
      <Status {...deliveryStatus(delivery)} />
      <p>{delivery.explanation.text}</p>
      <Attempts name="Attempts of the earlier delivery" delivery={delivery} />
    </details>
  );
}
