import { useQuery } from '@tanstack/react-query';
import type { StatusWords } from '../../logic/statuses.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Status } from '../../parts/status.js';
import { systemQuery } from '../../queries.js';

const VERDICTS: Readonly<Record<'ok' | 'warn' | 'fail', StatusWords>> = {
  ok: { tone: 'good', word: 'Good', more: null },
  warn: { tone: 'waits', word: 'Warning', more: null },
  fail: { tone: 'bad', word: 'Fault', more: null },
};

/** What `posthorn doctor` checks, as the server sees it. */
export function SystemPage() {
  const query = useQuery(systemQuery());
  return (
    <Page
      title="System"
      actions={
        <button type="button" disabled={query.isFetching} onClick={() => void query.refetch()}>
          Check again
        </button>
      }
    >
      <Loaded query={query}>
        {({ version, checks, temporal_ui_url: temporalUi }) => (
          <>
            <dl className="facts endpoint-facts">
              <div>
                <dt>Version</dt>
                <dd>{version}</dd>
              </div>
              {temporalUi !== null && (
                <div>
                  <dt>Temporal</dt>
                  <dd>
                    <a href={temporalUi} target="_blank" rel="noreferrer">
                      Open its UI
                    </a>
                  </dd>
                </div>
              )}
            </dl>
            <ul className="card system-checks" aria-label="Checks">
              {checks.map(({ name, verdict, text, remedy }) => (
                <li key={name}>
                  <Status {...VERDICTS[verdict]} />
                  <div>
                    <h2>{name}</h2>
                    <p>{text}</p>
                    {remedy !== null && <p className="muted">→ {remedy}</p>}
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </Page>
  );
}
