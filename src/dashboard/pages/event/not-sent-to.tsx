import { Link } from 'wouter';
import { whyNot } from '../../logic/match-words.js';
import type { Match } from '../../queries.js';
import { routes } from '../../routes.js';

/** The endpoints that an event did not go to, and why. */
export function NotSentTo({ app, matches }: { app: string; matches: readonly Match[] }) {
  const leftOut = matches.filter(({ matched }) => !matched);
  return (
    <section aria-label="Not sent to" className="card">
      <h2>Not sent to</h2>
      {leftOut.length === 0 && (
        <p className="muted">
          {matches.length === 0
            ? 'The application has no endpoint.'
            : 'Every endpoint of the application takes it.'}
        </p>
      )}
      <ul className="attention">
        {leftOut.map((match) => (
          <li key={match.webhook_id}>
            <Link href={routes.endpoint(app, match.webhook_id)}>
              <bdi>{match.url}</bdi>
            </Link>
            <span className="muted">{whyNot(match)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
