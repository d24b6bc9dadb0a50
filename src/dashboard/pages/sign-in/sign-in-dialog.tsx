import { Dialog } from '../../parts/dialog.js';
import { SignInForm } from './sign-in-form.js';
import { notifyError } from '../../notify.js';
import { signOut } from '../../session.js';
import { queryClient } from '../../query-client.js';
import { useEffect } from 'react';

/** Over the page when the session has ended, so that what was typed there is not lost. */
export function SignInDialog({ onOther }: { onOther: () => void }) {
  useEffect(() => () => void queryClient.invalidateQueries(), []);
  return (
    <Dialog title="Sign in" onClose={() => void signOut().then(onOther, notifyError)}>
      <p>The session has ended. What you see and what you typed stays.</p>
      <SignInForm />
    </Dialog>
  );
}
