import { Copy, Eye, EyeOff } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { api } from '../../api.js';
import { copyText } from '../../parts/copy-text.js';
import { ActionButton } from '../../parts/action-button.js';
import { Time } from '../../parts/time.js';
import { useChange } from '../../parts/use-change.js';

const SHOWN_MS = 60_000;
const HIDDEN = '•'.repeat(24);

/** The secret is read when it is asked for, kept nowhere, and hidden again after a minute. */
export function SigningSecret({ app, id }: { app: string; id: string }) {
  const [shown, setShown] = useState<{ secret: string; previousExpiresAt: string | null } | null>(null);
  const fieldId = useId();
  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  const read = async () => {
    const params = { path: { app_id: app, id } };
    return (await api.GET('/v1/apps/{app_id}/webhooks/{id}/secret', { params })).data;
  };
  // It is not what the change gives: that would be kept beside what is shown.
  const show = useChange(async () => {
    const { secret, previous_expires_at: previousExpiresAt } = await read();
    setShown({ secret, previousExpiresAt });
  });
  const copy = useChange(async () => copyText((await read()).secret), {
    done: 'The signing secret is copied.',
  });

  return (
    <div className="signing-secret">
      <label htmlFor={fieldId}>Signing secret</label>
      <div className="secret-row">
        <input id={fieldId} readOnly className="mono" value={shown?.secret ?? HIDDEN} />
        {shown === null ? (
          <ActionButton
            needs="webhooks:write"
            isBusy={show.isPending}
            onClick={() => show.mutate()}
            name="Show signing secret"
          >
            <Eye aria-hidden size={15} /> Show
          </ActionButton>
        ) : (
          <button type="button" aria-label="Hide signing secret" onClick={() => setShown(null)}>
            <EyeOff aria-hidden size={15} /> Hide
          </button>
        )}
        <ActionButton
          needs="webhooks:write"
          isBusy={copy.isPending}
          onClick={() => copy.mutate()}
          name="Copy signing secret"
        >
          <Copy aria-hidden size={15} /> Copy
        </ActionButton>
      </div>
      {shown !== null && shown.previousExpiresAt !== null && (
        <p className="help">
          The previous secret signs, too, until <Time at={shown.previousExpiresAt} as="both" />.
        </p>
      )}
    </div>
  );
}
