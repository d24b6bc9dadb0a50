import type { ReactNode } from 'react';

/** Says what will appear here, and the one next step. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/**
 * The filters leave nothing: another thing than that there is nothing.
 * @param onClear none where the filters have a button "Clear filters" of their own
 */
export function FilteredEmpty({ what, onClear }: { what: string; onClear?: () => void }) {
  return (
    <Empty title={`No ${what} match the filters.`}>
      {onClear ? (
        <p>
          <button type="button" onClick={onClear}>
            Clear filters
          </button>
        </p>
      ) : (
        <p>There are more without them.</p>
      )}
    </Empty>
  );
}
