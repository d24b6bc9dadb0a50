import { useId, useState } from 'react';
import { api } from '../../api.js';
import { ActionButton } from '../../parts/action-button.js';
import { Dialog } from '../../parts/dialog.js';
import { ProblemView } from '../../parts/problem.js';
import { useChange } from '../../parts/use-change.js';

const GRACES = [
  { name: 'No time', seconds: 0 },
  { name: '1 hour', seconds: 3_600 },
  { name: '1 day', seconds: 86_400 },
  { name: '7 days', seconds: 604_800 },
];

export function RotateSecretDialog({
  app,
  id,
  onClose,
  onRotated,
}: {
  app: string;
  id: string;
  onClose: () => void;
  onRotated: () => void;
}) {
  const [seconds, setSeconds] = useState(86_400);
  const fieldId = useId();
  const rotate = useChange(
    async () => {
      const params = { path: { app_id: app, id } };
      const body = { grace_seconds: seconds };
      await api.POST('/v1/apps/{app_id}/webhooks/{id}/rotate-secret', { params, body });
    },
    {
      done: 'The secret is rotated.',
      onError: () => undefined,
      onDone: () => {
        onClose();
        onRotated();
      },
    },
  );
  return (
    <Dialog title="Rotate secret" onClose={onClose}>
      <p>
        Deliveries are signed with a new secret from the next attempt on. For the time that you choose they
        are signed with the old one, too, so that your receiver can be changed without a failed delivery.
      </p>
      <div className="field">
        <label htmlFor={fieldId}>Old secret works for</label>
        <select id={fieldId} value={seconds} onChange={({ target }) => setSeconds(Number(target.value))}>
          {GRACES.map((grace) => (
            <option key={grace.seconds} value={grace.seconds}>
              {grace.name}
            </option>
          ))}
        </select>
      </div>
      {rotate.error && <ProblemView error={rotate.error} />}
      <div className="dialog-actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <ActionButton
          needs="webhooks:write"
          kind="primary"
          isBusy={rotate.isPending}
          onClick={() => rotate.mutate()}
        >
          Rotate secret
        </ActionButton>
      </div>
    </Dialog>
  );
}
