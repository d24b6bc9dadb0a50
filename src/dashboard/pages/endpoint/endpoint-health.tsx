import { useQuery } from '@tanstack/react-query';
import type { components } from '../../../client/index.js';
import { ruleWords } from '../../logic/health-rule.js';
import { counted } from '../../logic/stats.js';
import { Bars } from '../../parts/bars.js';
import { Loaded } from '../../parts/loaded.js';
import { Time } from '../../parts/time.js';
import { healthQuery, statsQuery } from '../../queries.js';

type Health = components['schemas']['EndpointHealth'];

export function EndpointHealth({ app, id }: { app: string; id: string }) {
  const health = useQuery(healthQuery(app, id));
  const stats = useQuery(statsQuery(app, id));
  return (
    <>
      <Loaded query={stats} rows={2}>
        {({ buckets }) => (
          <section className="card" aria-label="Last 24 hours">
            <h2>Last 24 hours</h2>
            <Bars name="Deliveries in the last 24 hours" buckets={buckets} />
          </section>
        )}
      </Loaded>
      <Loaded query={health} rows={4}>
        {(loaded) => (
          <>
            <Standing health={loaded} />
            <History history={loaded.history} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Standing({ health }: { health: Health }) {
  const { rule, held, draining, failure_count: failures, failing_since: failingSince } = health;
  return (
    <section className="card" aria-label="Rule">
      <h2>When it is disabled</h2>
      <p>{ruleWords(rule)}</p>
      <dl className="facts">
        <div>
          <dt>Failed in a row</dt>
          <dd>
            {counted(failures, 'delivery', 'deliveries')}
            {failingSince !== null && (
              <>
                , the first <Time at={failingSince} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Held</dt>
          <dd>
            {counted(held.count, 'delivery', 'deliveries')}
            {held.oldest_at !== null && (
              <>
                , the oldest <Time at={held.oldest_at} />
              </>
            )}
            {draining && ', going on now'}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function History({ history }: { history: Health['history'] }) {
  return (
    <section className="card" aria-label="History">
      <h2>History</h2>
      {history === null && <p className="muted">Temporal did not answer: the history is not known now.</p>}
      {history?.length === 0 && <p className="muted">Its state has not changed.</p>}
      <ol className="history">
        {history?.toReversed().map(({ at, from, to, why }) => (
          <li key={`${at} ${to}`}>
            <Time at={at} as="both" />
            <span>
              {from} → <strong>{to}</strong>
              {why !== null && `: ${why.replaceAll('_', ' ')}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
