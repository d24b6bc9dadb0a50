import { api } from '../../api.js';
import { ActionButton } from '../../parts/action-button.js';
import { useChange } from '../../parts/use-change.js';

/** Ends what is still to come of an event. */
export function CancelButton({ app, event }: { app: string; event: string }) {
  const cancel = useChange(
    async () => {
      const params = { path: { app_id: app, event_id: event } };
      await api.POST('/v1/apps/{app_id}/events/{event_id}/cancel', { params });
    },
    { done: 'The event is cancelled: no attempt follows.' },
  );
  return (
    <ActionButton
      needs="events:write"
      kind="danger"
      isBusy={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      Cancel event
    </ActionButton>
  );
}
