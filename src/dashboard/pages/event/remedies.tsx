import { Link } from 'wouter';
import { remediesToShow } from '../../logic/remedies.js';
import type { DeliveryWithAttempts } from '../../queries.js';
import { routes } from '../../routes.js';

export function Remedies({
  app,
  webhook,
  remedies,
}: {
  app: string;
  webhook: string;
  remedies: DeliveryWithAttempts['explanation']['remedies'];
}) {
  const shown = remediesToShow(remedies);
  if (shown.length === 0) return null;
  return (
    <ul className="remedies" aria-label="What would change it">
      {shown.map(({ text, isAtEndpoint }) => (
        <li key={text}>{isAtEndpoint ? <Link href={routes.endpoint(app, webhook)}>{text}</Link> : text}</li>
      ))}
    </ul>
  );
}
