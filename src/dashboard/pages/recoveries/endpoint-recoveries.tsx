import { useQuery } from '@tanstack/react-query';
import { api } from '../../api.js';
import { count } from '../../logic/stats.js';
import { ActionButton } from '../../parts/action-button.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Time } from '../../parts/time.js';
import { useChange } from '../../parts/use-change.js';
import { jobsQuery, type RecoveryJob } from '../../queries.js';

const WORDS = { running: 'Running', paused: 'Paused', cancelled: 'Cancelled', completed: 'Completed' };
const ASK_EVERY_MS = 2_000;

/** The recoveries of an endpoint, the newest first. */
export function EndpointRecoveries({ app, id }: { app: string; id: string }) {
  const query = useQuery({
    ...jobsQuery(app, id),
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'running') === true && ASK_EVERY_MS,
  });
  return (
    <Loaded query={query}>
      {(jobs) =>
        jobs.length === 0 ? (
          <Empty title="No recoveries yet.">
            <p>A recovery delivers the events of a time to this endpoint once more.</p>
          </Empty>
        ) : (
          <ul className="jobs">
            {jobs.map((job, index) => (
              <li key={job.id} className="card">
                <Job app={app} webhook={id} job={job} isNewest={index === 0} />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function Job({
  app,
  webhook,
  job,
  isNewest,
}: {
  app: string;
  webhook: string;
  job: RecoveryJob;
  isNewest: boolean;
}) {
  const params = { path: { app_id: app, id: webhook, job_id: job.id } };
  const change = useChange(async (to: 'pause' | 'resume' | 'cancel') => {
    await api.POST(`/v1/apps/{app_id}/webhooks/{id}/jobs/{job_id}/${to}`, { params });
  });
  const isOpen = job.status === 'running' || job.status === 'paused';
  const button = (to: 'pause' | 'resume' | 'cancel', name: string) => (
    <ActionButton needs="webhooks:write" isBusy={change.isPending} onClick={() => change.mutate(to)}>
      {name}
    </ActionButton>
  );
  return (
    <>
      <div className="section-head">
        <h2>
          {WORDS[job.status]}: {count(job.done)} of {count(job.total)} events
        </h2>
        <Time at={job.created_at} />
      </div>
      {(isOpen || isNewest) && (
        <progress aria-label="Recovery progress" max={Math.max(1, job.total)} value={job.done} />
      )}
      {job.failed > 0 && <p className="bad">{count(job.failed)} could not be sent.</p>}
      {isOpen && (
        <div className="actions">
          {job.status === 'running' ? button('pause', 'Pause recovery') : button('resume', 'Resume recovery')}
          {button('cancel', 'Cancel recovery')}
        </div>
      )}
    </>
  );
}
