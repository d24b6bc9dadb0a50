import type { App } from '../../domain/app.js';
import type { Delivery } from '../../domain/delivery.js';
import type { Change } from '../../store/changes/change.js';
import {
  attemptsNamed,
  deliveriesNamed,
  deliveriesOfEvents,
  eventsNamed,
  type NamedAttempt,
} from '../../store/changes/changed-rows.js';
import type { Queryable } from '../../store/database/pool.js';
import { findEndpointWithActivity } from '../../store/endpoints/endpoints.js';
import type { ListedEvent } from '../../store/events/event-lists.js';
import { findRecoveryJob } from '../../store/recoveries/recovery-jobs.js';
import { attemptView, deliveryView, jobView } from '../deliveries/views.js';
import { webhookView } from '../endpoints/views.js';
import { eventView } from '../events/views.js';
import { withWorkflowIds } from '../events/workflow-ids.js';
import type { News } from './kinds.js';

/** Characters of an answer's body that a stream sends. */
const CUT_AT = 2_000;

type Named<Kind extends Change['kind']> = Extract<Change, { readonly kind: Kind }>;

const ofKind = <Kind extends Change['kind']>(changes: readonly Change[], kind: Kind) =>
  changes.filter((change): change is Named<Kind> => change.kind === kind);

/** What was told of, read and shown as its routes do; and the recoveries whose progress that is. */
export interface ReadNews {
  readonly news: readonly News[];
  readonly jobs: readonly Named<'job'>[];
}

/** @param appOf an application that somebody listens to; null for others, of which nothing is shown */
export async function readNews(
  db: Queryable,
  changes: readonly Change[],
  appOf: (appId: string) => App | null,
): Promise<ReadNews> {
  const names = ofKind(changes, 'event').filter(({ appId }) => appOf(appId));
  const attempts = ofKind(changes, 'attempt');
  const ids = [...ofKind(changes, 'delivery'), ...attempts].map(({ id }) => id);
  const deliveries = new Map(
    [...(await deliveriesOfEvents(db, names)), ...(await deliveriesNamed(db, ids))]
      .filter(({ appId }) => appOf(appId))
      .map((delivery) => [delivery.id, delivery]),
  );
  const ofThem = attempts.filter(({ id }) => deliveries.has(id));
  const news = [
    ...(await withWorkflowIds(db, await eventsNamed(db, names))).map(newsOfEvent),
    ...(await attemptsNamed(db, ofThem, CUT_AT)).flatMap((attempt) => {
      const delivery = deliveries.get(attempt.deliveryId);
      return delivery ? [newsOfAttempt(delivery, attempt)] : [];
    }),
    ...[...deliveries.values()].map(newsOfDelivery),
  ];
  for (const { appId, id } of ofKind(changes, 'webhook')) {
    const app = appOf(appId);
    if (!app) continue;
    const endpoint = await findEndpointWithActivity(db, appId, id);
    if (!endpoint) continue;
    const of = {
      appId,
      kind: 'webhook.updated',
      key: `webhook/${id}`,
      webhookId: id,
      eventId: null,
    } as const;
    news.push({ ...of, data: { webhook: webhookView(app, endpoint) } });
  }
  for (const { appId, id, endpointId } of ofKind(changes, 'job')) {
    const job = appOf(appId) && (await findRecoveryJob(db, endpointId, id));
    if (!job) continue;
    const of = {
      appId,
      kind: 'job.updated',
      key: `job/${id}`,
      webhookId: endpointId,
      eventId: null,
    } as const;
    news.push({ ...of, data: { job: jobView(job), webhook_id: endpointId } });
  }
  return { news, jobs: [...deliveries.values()].flatMap(jobOf) };
}

function newsOfEvent(event: ListedEvent & { readonly workflowId: string }): News {
  const { appId, id } = event;
  const of = { appId, kind: 'event.accepted', key: `event/${id}`, webhookId: null, eventId: id } as const;
  return { ...of, data: { event: eventView(event) } };
}

function newsOfDelivery(delivery: Delivery): News {
  const { appId, id, endpointId: webhookId, eventId } = delivery;
  const of = { appId, kind: 'delivery.updated', key: `delivery/${id}`, webhookId, eventId } as const;
  return { ...of, data: { delivery: deliveryView(delivery) } };
}

/** An attempt has no view of its own that says of what it was: that comes with it. */
function newsOfAttempt(delivery: Delivery, attempt: NamedAttempt): News {
  const { appId, id, endpointId: webhookId, eventId } = delivery;
  const key = `attempt/${id}/${attempt.number}`;
  const data = {
    attempt: attemptView(attempt),
    delivery_id: id,
    event_id: eventId,
    webhook_id: webhookId,
  };
  return { appId, kind: 'attempt.finished', key, webhookId, eventId, data };
}

function jobOf({ appId, jobId, endpointId, completedAt }: Delivery): Named<'job'>[] {
  return jobId === null || completedAt === null ? [] : [{ kind: 'job', appId, id: jobId, endpointId }];
}
