import { useId, type ReactNode } from 'react';
import { lackOf, useSession, type Scope } from '../session.js';

/** A button that changes something. Who may not do it sees it disabled, and why. */
export function ActionButton({
  needs,
  kind,
  isBusy = false,
  refusal = null,
  name,
  onClick,
  children,
}: {
  needs: Scope;
  kind?: 'primary' | 'danger' | 'danger-primary' | 'quiet';
  isBusy?: boolean;
  /** Another reason why it cannot be done now. */
  refusal?: string | null;
  /** What it is called, where its content is less. */
  name?: string;
  onClick: () => void;
  children: ReactNode;
}) {
  const id = useId();
  const why = lackOf(useSession(), needs) ?? refusal;
  return (
    <>
      <button
        type="button"
        className={kind}
        disabled={why !== null || isBusy}
        title={why ?? undefined}
        aria-label={name}
        aria-describedby={why === null ? undefined : id}
        onClick={onClick}
      >
        {children}
      </button>
      {why !== null && (
        <span id={id} className="visually-hidden">
          {why}
        </span>
      )}
    </>
  );
}
