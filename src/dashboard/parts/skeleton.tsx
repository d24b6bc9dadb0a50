/** Stands where rows will be. The style sheet shows it after 150 ms: what comes sooner does not flicker. */
export function Skeleton({ rows }: { rows: number }) {
  return (
    <div className="skeleton" aria-busy="true" role="group" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  );
}
