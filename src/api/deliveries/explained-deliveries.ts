import type { App } from '../../domain/app.js';
import type { Attempt } from '../../domain/attempt.js';
import type { Delivery } from '../../domain/delivery.js';
import type { Profile } from '../../profiles/profile.js';
import { newestAttemptsOf } from '../../store/attempts/attempt-lists.js';
import { findEndpoints } from '../../store/endpoints/endpoints.js';
import { eventWorkflowId } from '../../temporal/client/ids.js';
import type { Queryable } from '../../store/database/pool.js';
import type { ApiContext } from '../context.js';
import { attemptedDeliveryView } from './views.js';

/** How much is shown of the attempts of each delivery: see `newestAttemptsOf`. */
type Shown = Parameters<typeof newestAttemptsOf>[3];

const NO_ATTEMPTS: { readonly attempts: readonly Attempt[]; readonly total: number } = {
  attempts: [],
  total: 0,
};

/** Deliveries of one event with their newest attempts and what explains them, all of the moment of `db`. */
export async function explainedDeliveries(
  { system, workflowUrl, now }: Pick<ApiContext, 'system' | 'workflowUrl' | 'now'>,
  db: Queryable,
  { app, profile, workflowId }: { readonly app: App; readonly profile: Profile; readonly workflowId: string },
  deliveries: readonly Delivery[],
  shown: Shown,
) {
  const [first] = deliveries;
  if (!first) return [];
  const ids = deliveries.map(({ id }) => id);
  const endpointIds = [...new Set(deliveries.map(({ endpointId }) => endpointId))];
  const attempts = await newestAttemptsOf(db, first.day, ids, shown);
  const endpoints = await findEndpoints(db, app.id, endpointIds);
  const { appId, eventId } = first;
  const own = eventWorkflowId(appId, eventId);
  const at = now();
  return deliveries.map((delivery) => {
    const { attempts: newest, total } = attempts.get(delivery.id) ?? NO_ATTEMPTS;
    const id = delivery.workflowId === own ? workflowId : delivery.workflowId;
    return attemptedDeliveryView(
      {
        app,
        profile,
        delivery,
        endpoint: endpoints.get(delivery.endpointId) ?? null,
        attempts: newest,
        system: system.state(),
        now: at,
      },
      total,
      { id, url: workflowUrl(id) },
    );
  });
}
