import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api.js';
import { ActionButton } from '../../parts/action-button.js';
import { useChange } from '../../parts/use-change.js';
import type { Webhook } from '../../queries.js';
import { routes } from '../../routes.js';
import { RecoverDialog } from '../recoveries/recover-dialog.js';
import { DeleteEndpointDialog } from './delete-endpoint-dialog.js';
import { RotateSecretDialog } from './rotate-secret-dialog.js';

type Change = 'pause' | 'resume' | 'enable' | 'disable';

const DONE: Readonly<Record<Change, string>> = {
  pause: 'The endpoint is paused: its deliveries wait.',
  resume: 'The endpoint is active again.',
  enable: 'The endpoint is active again.',
  disable: 'The endpoint is disabled: its deliveries wait.',
};

/** Everything that can be done with an endpoint. */
export function EndpointActions({
  app,
  endpoint,
  onTest,
  onRotated,
}: {
  app: string;
  endpoint: Webhook;
  onTest: (deliveryId: string) => void;
  onRotated: () => void;
}) {
  const [open, setOpen] = useState<'recover' | 'rotate' | 'delete' | null>(null);
  const params = { path: { app_id: app, id: endpoint.id } };
  const close = () => setOpen(null);
  const [, navigate] = useLocation();

  const change = useChange(
    async (to: Change) => {
      await api.POST(`/v1/apps/{app_id}/webhooks/{id}/${to}`, { params });
      return to;
    },
    { done: (to) => DONE[to] },
  );
  const test = useChange(
    async () => (await api.POST('/v1/apps/{app_id}/webhooks/{id}/test', { params })).data.delivery.id,
    { onDone: onTest },
  );
  const button = (to: Change, name: string) => (
    <ActionButton needs="webhooks:write" isBusy={change.isPending} onClick={() => change.mutate(to)}>
      {name}
    </ActionButton>
  );

  return (
    <>
      <ActionButton
        needs="webhooks:write"
        kind="primary"
        isBusy={test.isPending}
        onClick={() => test.mutate()}
      >
        Send test event
      </ActionButton>
      {endpoint.status === 'active' && button('pause', 'Pause')}
      {endpoint.status === 'paused' && button('resume', 'Resume')}
      {endpoint.status === 'disabled' ? button('enable', 'Enable') : button('disable', 'Disable')}
      <ActionButton needs="webhooks:write" onClick={() => setOpen('recover')}>
        Recover events
      </ActionButton>
      <ActionButton needs="webhooks:write" onClick={() => setOpen('rotate')}>
        Rotate secret
      </ActionButton>
      <ActionButton needs="webhooks:write" kind="danger" onClick={() => setOpen('delete')}>
        Delete endpoint
      </ActionButton>
      {open === 'recover' && (
        <RecoverDialog
          app={app}
          id={endpoint.id}
          onClose={close}
          onBegun={() => {
            close();
            navigate(routes.endpoint(app, endpoint.id, 'recoveries'));
          }}
        />
      )}
      {open === 'rotate' && (
        <RotateSecretDialog app={app} id={endpoint.id} onClose={close} onRotated={onRotated} />
      )}
      {open === 'delete' && <DeleteEndpointDialog app={app} endpoint={endpoint} onClose={close} />}
    </>
  );
}
