import { useState } from 'react';
import type { components } from '../../client/index.js';
import { api } from '../api.js';
import { ActionButton } from './action-button.js';
import { copyText } from './copy-text.js';
import { useChange } from './use-change.js';

type DeliveryRequest = components['schemas']['DeliveryRequest'];

/** Copies and shows the request of a delivery as it would be sent now, signed. */
export function RequestButtons({ app, deliveryId }: { app: string; deliveryId: string }) {
  const [shown, setShown] = useState<DeliveryRequest | null>(null);
  const read = async () => {
    const params = { path: { app_id: app, id: deliveryId } };
    return (await api.GET('/v1/apps/{app_id}/deliveries/{id}/request', { params })).data;
  };
  const copy = useChange(async () => copyText((await read()).curl), {
    done: 'Copied. Its signature is valid for some minutes.',
  });
  const show = useChange(async () => setShown(await read()));
  return (
    <>
      <ActionButton needs="webhooks:write" isBusy={copy.isPending} onClick={() => copy.mutate()}>
        Copy as curl
      </ActionButton>
      {shown === null ? (
        <ActionButton needs="webhooks:write" isBusy={show.isPending} onClick={() => show.mutate()}>
          Show request
        </ActionButton>
      ) : (
        <button type="button" onClick={() => setShown(null)}>
          Hide request
        </button>
      )}
      {shown !== null && <RequestText request={shown} />}
    </>
  );
}

function RequestText({ request: { method, url, headers, body } }: { request: DeliveryRequest }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <pre className="request wraps" tabIndex={0} aria-label="Request">
      {[`${method} ${url}`, ...lines, '', body].join('\n')}
    </pre>
  );
}
