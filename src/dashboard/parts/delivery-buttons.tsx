import { api } from '../api.js';
import { ActionButton } from './action-button.js';
import { useChange } from './use-change.js';

/** Makes the next scheduled attempt of a delivery now. */
export function RetryButton({ app, id }: { app: string; id: string }) {
  const retry = useChange(
    async () => {
      const params = { path: { app_id: app, id } };
      await api.POST('/v1/apps/{app_id}/deliveries/{id}/retry', { params });
    },
    { done: 'The next attempt is made now.' },
  );
  return (
    <ActionButton needs="events:write" isBusy={retry.isPending} onClick={() => retry.mutate()}>
      Retry now
    </ActionButton>
  );
}

/** Delivers an event once more: to one endpoint, or to all that take it. */
export function ResendButton({
  app,
  event,
  webhook,
  children,
}: {
  app: string;
  event: string;
  webhook?: string;
  children: string;
}) {
  const resend = useChange(
    async () => {
      const params = { path: { app_id: app, event_id: event } };
      const body = webhook === undefined ? {} : { webhook_id: webhook };
      return (await api.POST('/v1/apps/{app_id}/events/{event_id}/resend', { params, body })).data.deliveries
        .length;
    },
    {
      done: (made) =>
        made === 1 ? 'The event is sent once more.' : `The event is sent to ${made} endpoints once more.`,
    },
  );
  return (
    <ActionButton needs="events:write" isBusy={resend.isPending} onClick={() => resend.mutate()}>
      {children}
    </ActionButton>
  );
}
