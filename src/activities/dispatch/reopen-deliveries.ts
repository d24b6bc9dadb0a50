import { activityInfo } from '@temporalio/activity';
import { findEvent } from '../../store/events/events.js';
import { dayOfDelivery } from '../../domain/delivery-id.js';
import type { DeliveryTrigger } from '../../domain/delivery.js';
import { ensurePartitions, holdDays, isMissingPartition } from '../../store/database/partitions.js';
import { inTransaction } from '../../store/database/pool.js';
import { isRemoved } from '../../store/apps/removed-ids.js';
import {
  reopenDeliveries,
  reopenEvent,
  type LostDeliveries,
  type LostEvent,
} from '../../store/deliveries/reopenings.js';
import { isDropped } from '../../store/retention/retention.js';
import type { Beginning } from '../../temporal/client/known.js';
import type { CarriedEvent, EventInput, ResendInput } from '../../workflows/contract/event.js';
import type { KnownDelivery, Reopened } from '../../workflows/known-deliveries.js';
import { acceptedEvent, withBody, type AcceptedEvent } from '../../temporal/client/accepted-event.js';
import { currentWorkflowId } from '../lib/current-workflow.js';
import type { Dependencies } from '../dependencies.js';
import { openingOf } from './plan-opening.js';
import { unknownToLog } from '../lib/unknown-to-log.js';

type Began = Beginning<EventInput | CarriedEvent | ResendInput>;

/** What is to be written: the event if the log has lost it too, and what its deliveries have in common. */
interface Lost {
  readonly event: LostEvent | null;
  readonly common: LostDeliveries;
}

/**
 * Writes deliveries that the log has lost anew, from what their workflow began with: with the same ids, times and bytes.
 * What the log has dropped, or what belongs to a deleted application, is not.
 */
export function reopenDeliveriesActivity(deps: Dependencies) {
  const { pool, now, retentionDays } = deps;
  return async (deliveries: readonly KnownDelivery[], firstRunId: string): Promise<Reopened> => {
    const workflowId = currentWorkflowId();
    const [first] = deliveries;
    if (!first) return 'reopened';
    if (await isDropped(pool, dayOfDelivery(first.id), { now: now(), retentionDays })) return 'gone';
    const began: Began | null = await deps.workflows.beginningOf(workflowId, runId());
    if (!began) throw new Error('Temporal does not know the workflow that asks');
    const { appId, eventId } = began.input;
    if (await isRemoved(pool, appId)) return 'gone';
    const lost = isResend(began.input)
      ? await lostResend(deps, began.input, { workflowId, at: began.at })
      : await lostEvent(deps, { ...began, input: began.input, firstRunId }, workflowId);
    const ids = { app_id: appId, event_id: eventId };
    if (!lost) throw unknownToLog(deps, ids, 'the log has lost an event whose body Temporal does not have');
    const written = await inDay(deps, lost.common.event.acceptedAt, () => write(deps, lost, deliveries));
    if (written === null) return 'elsewhere';
    if (written.length > 0) deps.gaps.reopened(ids, written);
    return 'reopened';
  };
}

const isResend = (input: Began['input']): input is ResendInput => !('acceptedAt' in input);
const runId = () => activityInfo().workflowExecution?.runId;

async function lostEvent(
  { workflows }: Dependencies,
  began: Beginning<EventInput | CarriedEvent>,
  workflowId: string,
): Promise<Lost | null> {
  const accepted = await withBody(workflows, began);
  if (!accepted) return null;
  const event = asLost(accepted);
  const { trigger, expiresAt } = openingOf(accepted.event);
  return { event, common: { event, trigger, workflowId, expiresAt, jobId: null, createdAt: began.at } };
}

async function lostResend(
  { pool, workflows }: Dependencies,
  { appId, eventId, jobId }: ResendInput,
  { workflowId, at }: { readonly workflowId: string; readonly at: Date },
): Promise<Lost | null> {
  const trigger: DeliveryTrigger = jobId === undefined ? 'resend' : 'recover';
  const common = { trigger, workflowId, jobId: jobId ?? null, expiresAt: null, createdAt: at };
  const stored = await findEvent(pool, appId, eventId);
  if (stored) {
    const { eventType, createdAt: acceptedAt } = stored;
    return { event: null, common: { ...common, event: { appId, eventId, eventType, acceptedAt } } };
  }
  const accepted = await acceptedEvent(workflows, appId, eventId);
  if (!accepted) return null;
  const event = asLost(accepted);
  return { event, common: { ...common, event } };
}

/** An event as it is written anew. */
export function asLost({ event, openedBy }: AcceptedEvent): LostEvent {
  return { ...openingOf(event), openedBy };
}

/** @returns the ids of the deliveries that were written; null when another workflow has opened the event's id since */
async function write(
  { pool, now }: Dependencies,
  { event, common }: Lost,
  deliveries: readonly KnownDelivery[],
): Promise<string[] | null> {
  return inTransaction(pool, async (client) => {
    await holdDays(client, deliveries[0] ? [dayOfDelivery(deliveries[0].id)] : []);
    if (event && (await reopenEvent(client, event)) !== event.openedBy) return null;
    return reopenDeliveries(client, common, deliveries, now());
  });
}

/** Makes the day's partitions where they are missing: a restored database may be older than them. */
export async function inDay<T>({ pool }: Dependencies, day: Date, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await ensurePartitions(pool, day, 1);
    return work();
  }
}
