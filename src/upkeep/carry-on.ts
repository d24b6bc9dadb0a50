import { closeDelivery } from '../store/deliveries/close-delivery.js';
import type { Delivery } from '../domain/delivery.js';
import type { StoredEvent } from '../domain/event.js';
import { deliveriesOfWorkflow } from '../store/deliveries/deliveries.js';
import { findEventKey, findEventOf, type EventKey } from '../store/events/events.js';
import type { Pool } from '../store/database/pool.js';
import { settleDelivery } from '../store/deliveries/reopenings.js';
import type { EventWorkflows } from '../temporal/client/event-workflows.js';
import type { WorkflowStanding } from '../temporal/client/known.js';
import { isBatchWorkflow, resendIdOf } from '../temporal/client/ids.js';
import type { LogGaps } from './log-gaps.js';

/** What is needed to carry on deliveries whose workflow is missing. */
export interface CarryOnContext {
  readonly pool: Pool;
  readonly workflows: EventWorkflows;
  readonly gaps: LogGaps;
  /** The log's clock. */
  readonly now: () => Date;
}

/** Deliveries of one event that one workflow is to carry out. */
export interface CarriedWorkflow {
  readonly workflowId: string;
  readonly event: { readonly appId: string; readonly id: string; readonly day: string };
}

/** A workflow whose deliveries the log has as open. */
type Look =
  | { readonly kind: 'running' }
  /** A batch has just opened the event, and gives it a workflow in a moment. */
  | { readonly kind: 'being_opened' }
  /** It is not there, or has ended: Temporal lost it, or somebody terminated it. `open`: what is left to do. */
  | { readonly kind: 'missing'; readonly open: readonly Delivery[]; readonly key: EventKey | null };

export type CarriedOn = 'running' | 'being_opened' | 'carried_on' | 'nothing_left';

/**
 * Starts the workflow of deliveries that are open, if it is missing. What it had ended before, and the log does not know,
 * ends in the log as it ended there, and is not sent again.
 * @throws TemporalUnavailable
 */
export async function carryOnMissing(context: CarryOnContext, workflow: CarriedWorkflow): Promise<CarriedOn> {
  const look = await lookAt(context, workflow);
  if (look.kind !== 'missing') return look.kind;
  const { open, key } = look;
  const stored = open.length === 0 ? null : await findEventOf(context.pool, workflow.event);
  if (!stored || !key) return 'nothing_left';
  if ((await start(context, workflow.workflowId, { open, key, stored })) === 'exists') return 'running';
  context.gaps.carriedOn(idsOf(workflow), deliveryIdsOf(open));
  return 'carried_on';
}

/**
 * Ends the deliveries of a workflow that is missing, as cancelled; what it had ended before, as it ended there.
 * @throws TemporalUnavailable
 */
export async function cancelMissing(
  context: CarryOnContext,
  workflow: CarriedWorkflow,
): Promise<'running' | 'being_opened' | 'cancelled' | 'nothing_left'> {
  const look = await lookAt(context, workflow);
  if (look.kind !== 'missing') return look.kind;
  if (look.open.length === 0) return 'nothing_left';
  for (const { id } of look.open) await closeDelivery(context.pool, id, 'cancelled', context.now());
  return 'cancelled';
}

async function lookAt(context: CarryOnContext, { workflowId, event }: CarriedWorkflow): Promise<Look> {
  const { pool, workflows, gaps } = context;
  const standing = await workflows.standingOf(workflowId);
  if (standing.kind === 'running') return standing;
  // After that look: a workflow writes to the log before it ends.
  const made = await deliveriesOfWorkflow(pool, event, workflowId);
  const left = made.filter(({ completedAt }) => completedAt === null);
  if (left.length === 0) return { kind: 'missing', open: [], key: null };
  const settled = await settleAll(pool, left, standing);
  if (settled.length > 0) gaps.settled({ app_id: event.appId, event_id: event.id }, deliveryIdsOf(settled));
  const open = left.filter((delivery) => !settled.includes(delivery));
  const key = await findEventKey(pool, event.appId, event.id);
  if (open.length > 0 && key && isBatchWorkflow(key.openedBy) && resendIdOf(workflowId) === null) {
    const batch = await workflows.standingOf(key.openedBy);
    if (batch.kind === 'running') return { kind: 'being_opened' };
  }
  return { kind: 'missing', open, key };
}

/** Ends in the log what a workflow had ended. */
async function settleAll(
  pool: Pool,
  open: readonly Delivery[],
  standing: WorkflowStanding,
): Promise<Delivery[]> {
  const result = standing.kind === 'closed' ? standing.result : null;
  if (standing.kind !== 'closed' || !result || !('deliveries' in result)) return [];
  const settled: Delivery[] = [];
  for (const delivery of open) {
    const ended = result.deliveries.find(({ deliveryId }) => deliveryId === delivery.id);
    if (!ended) continue;
    const { status, reason, attempts: begun } = ended;
    if (await settleDelivery(pool, delivery, { status, reason, begun }, standing.closedAt)) {
      settled.push(delivery);
    }
  }
  return settled;
}

async function start(
  { workflows }: CarryOnContext,
  workflowId: string,
  { open, key, stored }: { open: readonly Delivery[]; key: EventKey; stored: StoredEvent },
): Promise<'started' | 'exists'> {
  const { appId, id: eventId } = stored;
  const resendId = resendIdOf(workflowId);
  if (resendId === null) {
    return workflows.startCarried({
      appId,
      eventId,
      eventType: stored.eventType,
      acceptedAt: stored.createdAt.toISOString(),
      contentHash: key.contentHash.toString('hex'),
      openedBy: key.openedBy,
    });
  }
  const jobId = open[0]?.jobId ?? null;
  const endpointIds = open.map(({ endpointId }) => endpointId);
  const resend = { appId, eventId, endpointIds, ...(jobId === null ? {} : { jobId }) };
  return workflows.startResend(resendId, resend, { again: true });
}

const idsOf = ({ workflowId, event }: CarriedWorkflow) => ({
  app_id: event.appId,
  event_id: event.id,
  workflow_id: workflowId,
});

const deliveryIdsOf = (deliveries: readonly { readonly id: string }[]) => deliveries.map(({ id }) => id);
