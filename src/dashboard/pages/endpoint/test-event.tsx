import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { attemptWords } from '../../logic/attempt-words.js';
import { Loaded } from '../../parts/loaded.js';
import { RequestButtons } from '../../parts/request-buttons.js';
import { deliveryQuery } from '../../queries.js';
import { routes } from '../../routes.js';

const ASK_EVERY_MS = 500;

/** How a test event fares, which is over in seconds. */
export function TestEvent({ app, deliveryId }: { app: string; deliveryId: string }) {
  const query = useQuery({
    ...deliveryQuery(app, deliveryId),
    // Of the stream it would come later, and not at all where "Live" is off.
    refetchInterval: ({ state }) => (state.data?.attempts.length || state.error ? false : ASK_EVERY_MS),
  });
  return (
    <section aria-label="Test event" className="card test-event">
      <h2>Test event</h2>
      <Loaded query={query} rows={1}>
        {(delivery) => {
          const last = delivery.attempts.at(-1);
          const words = last === undefined ? 'Sending…' : attemptWords(last);
          const tone = last === undefined ? 'muted' : delivery.status === 'delivered' ? 'good' : 'bad';
          return (
            <>
              <p role="status" className={tone}>
                {words}
              </p>
              {last !== undefined && last.response_body !== null && last.response_body !== '' && (
                <pre className="wraps" tabIndex={0} aria-label="Answer">
                  {last.response_body}
                </pre>
              )}
              <div className="actions">
                <Link className="button" href={routes.event(app, delivery.event_id)}>
                  Open event
                </Link>
                <RequestButtons app={app} deliveryId={deliveryId} />
              </div>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
