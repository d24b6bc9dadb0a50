import { useQuery } from '@tanstack/react-query';
import { count, totalsOf } from '../../logic/stats.js';
import { statsQuery } from '../../queries.js';

/** What an application did in a day, in a line of a table. */
export function AppNumbers({ app }: { app: string }) {
  const { data } = useQuery(statsQuery(app));
  if (data === undefined) return <span className="muted">…</span>;
  const { events, delivered, failed } = totalsOf(data.buckets);
  if (events + delivered + failed === 0) return <span className="muted">no events</span>;
  return (
    <>
      {count(events)} events, {count(delivered)} delivered
      {failed > 0 && (
        <>
          , <strong className="bad">{count(failed)} failed</strong>
        </>
      )}
    </>
  );
}
