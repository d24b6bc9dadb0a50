import { Dialog } from '../../parts/dialog.js';
import { ProblemView } from '../../parts/problem.js';
import { useChange } from '../../parts/use-change.js';
import { declineLink, signIn } from '../../session.js';

/** Asks somebody who is signed in whether a link is to sign them in anew. */
export function LinkDialog({ link }: { link: string }) {
  const change = useChange(() => signIn({ link }), { onError: () => undefined });
  return (
    <Dialog title="Sign in by this link?" onClose={declineLink}>
      <p>
        You are signed in already. The link may be somebody else’s. It ends your session, and begins another.
      </p>
      {change.error && <ProblemView error={change.error} />}
      <div className="dialog-actions">
        <button type="button" onClick={declineLink}>
          Stay signed in
        </button>
        <button type="button" className="primary" disabled={change.isPending} onClick={() => change.mutate()}>
          Sign in by the link
        </button>
      </div>
    </Dialog>
  );
}
