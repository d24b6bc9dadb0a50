import { Link } from 'wouter';
import { CopyButton } from '../../parts/copy-button.js';
import { routes } from '../../routes.js';

/** The way to the first event of a day, or at all. */
export function FirstEvent({ app, hasEndpoint }: { app: string; hasEndpoint: boolean }) {
  const command = `curl -X POST ${location.origin}/v1/apps/${app}/events -H "Authorization: Bearer $POSTHORN_API_KEY" -H 'Content-Type: application/json' -d '{"event_type":"user.created","data":{"name":"Ada"}}'`;
  return (
    <section aria-label="Send an event" className="card">
      <h2>No event in the last 24 hours</h2>
      <ol className="steps">
        <li>
          {hasEndpoint ? (
            <>
              <Link href={routes.endpoints(app)}>An endpoint</Link> is there. It gets the events.
            </>
          ) : (
            <>
              <Link href={routes.newEndpoint(app)}>Add an endpoint</Link>: a URL of yours that gets events. No
              server yet? <code>posthorn listen</code> makes one on this computer.
            </>
          )}
        </li>
        <li>
          Send an event, with the application’s key in <code>POSTHORN_API_KEY</code>:
          <div className="command">
            <pre tabIndex={0}>{command}</pre>
            <CopyButton text={command} name="Copy command" />
          </div>
        </li>
        <li>It appears here within a minute, and under Events at once.</li>
      </ol>
    </section>
  );
}
