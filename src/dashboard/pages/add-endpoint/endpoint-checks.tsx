import { CircleCheck, CircleX } from 'lucide-react';
import { duration } from '../../logic/times.js';
import { ProblemView } from '../../parts/problem.js';
import type { TargetCheck } from '../../queries.js';

const NAMES: Readonly<Record<TargetCheck['checks'][number]['name'], string>> = {
  url: 'URL',
  address: 'Address',
  dns: 'DNS',
  connect: 'Connection',
  tls: 'TLS',
  answer: 'Answer',
};

/** What a check of a URL found, step by step. */
export function EndpointChecks({
  check,
}: {
  check: { isPending: boolean; error: Error | null; data: TargetCheck | undefined };
}) {
  if (check.isPending) return <p className="muted">Checking…</p>;
  if (check.error) return <ProblemView error={check.error} />;
  if (check.data === undefined) return null;
  return (
    <ul className="checks" aria-label="Endpoint checks" aria-live="polite">
      {check.data.checks.map(({ name, ok, text, duration_ms: ms }) => (
        <li key={name}>
          {ok ? (
            <CircleCheck className="good" aria-label="Good" size={16} />
          ) : (
            <CircleX className="bad" aria-label="Bad" size={16} />
          )}
          <strong>{NAMES[name]}</strong>
          <span>{text}</span>
          {ms > 0 && <span className="muted">{duration(ms)}</span>}
        </li>
      ))}
    </ul>
  );
}
