import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api.js';
import { hostOf } from '../../logic/host.js';
import { ActionButton } from '../../parts/action-button.js';
import { Dialog } from '../../parts/dialog.js';
import { ProblemView } from '../../parts/problem.js';
import { useChange } from '../../parts/use-change.js';
import { webhookQuery, type Webhook } from '../../queries.js';
import { routes } from '../../routes.js';

export function DeleteEndpointDialog({
  app,
  endpoint,
  onClose,
}: {
  app: string;
  endpoint: Webhook;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [, navigate] = useLocation();
  const queryClient = useQueryClient();
  const id = useId();
  const host = hostOf(endpoint.url);
  const remove = useChange(
    async () => {
      const params = { path: { app_id: app, id: endpoint.id } };
      await api.DELETE('/v1/apps/{app_id}/webhooks/{id}', { params });
    },
    {
      done: 'Endpoint deleted.',
      onError: () => undefined,
      onDone: () => {
        navigate(routes.endpoints(app));
        queryClient.removeQueries({ queryKey: webhookQuery(app, endpoint.id).queryKey });
      },
    },
  );
  const isConfirmed = typed.trim().toLowerCase() === host;
  return (
    <Dialog title="Delete endpoint" role="alertdialog" onClose={onClose}>
      <p>
        <bdi>{endpoint.url}</bdi> gets no more events, and deliveries to it that wait fail. This cannot be
        undone.
      </p>
      <div className="field">
        <label htmlFor={id}>Type the URL's host to confirm</label>
        <input
          id={id}
          autoComplete="off"
          spellCheck={false}
          placeholder={host}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
      {remove.error && <ProblemView error={remove.error} />}
      <div className="dialog-actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <ActionButton
          needs="webhooks:write"
          kind="danger-primary"
          isBusy={remove.isPending}
          refusal={isConfirmed ? null : 'Type the host first.'}
          onClick={() => remove.mutate()}
        >
          Delete endpoint
        </ActionButton>
      </div>
    </Dialog>
  );
}
