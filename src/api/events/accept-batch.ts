import { createHash } from 'node:crypto';
import { forEachConcurrent } from '../../lib/for-each-concurrent.js';
import { eventInputOf } from '../../routing/event-input.js';
import type { App } from '../../domain/app.js';
import { isDatabaseUnavailable } from '../../store/database/errors.js';
import { findEventKeys, type EventKey } from '../../store/events/events.js';
import { batchWorkflowId } from '../../temporal/client/ids.js';
import { TemporalUnavailable } from '../../temporal/calls.js';
import type { EventInput } from '../../workflows/contract/event.js';
import type { BatchedEvent, BatchInput } from '../../workflows/contract/batch.js';
import { leftBehind } from './batch-again.js';
import type { ApiContext } from '../context.js';
import { MAX_FIELD_ERRORS, Problem, problems, type FieldError } from '../http/problem.js';
import { acceptedBeforeNow, refusalOf } from './refusals.js';
import {
  acceptedBefore,
  conflictWithAccepted,
  namedBy,
  type AcceptedEvent,
  type SubmittedEvent,
} from './submitted-event.js';
import { untilKnown } from '../http/until-known.js';

/** Temporal takes two MiB as a workflow's input. */
const MOST_INPUT_BYTES = 2_000_000;
const LOOK_UPS_AT_ONCE = 10;

const OVERTAKEN =
  'An event with this id and other content was accepted at the same moment. The other events of the batch are accepted.';

/** An event of the batch, before and after it is accepted. */
interface Entry {
  readonly submitted: SubmittedEvent;
  readonly input: EventInput;
}

/**
 * Makes all events of a batch durable, or none, with one write: the start of its workflow. Those that were accepted
 * before are answered as they were then, if their content is the same, and are not delivered again.
 *
 * PostgreSQL has them when it returns, or a little later if that takes long.
 * @throws Problem 409 (other content, or dropped), 413, 422 (a type, or data), 503
 */
export async function acceptBatch(
  context: ApiContext,
  app: App,
  submitted: readonly SubmittedEvent[],
): Promise<AcceptedEvent[]> {
  const acceptedAt = context.now();
  const entries = submitted.map((each) => ({ submitted: each, input: eventInputOf(app, each, acceptedAt) }));
  const before = await acceptedFromLog(context, app, entries);
  const fresh = entries.filter(({ submitted: { id } }) => !before.has(id));
  const named = fresh.filter(isNamed);
  const ids = named.map(({ submitted: { id } }) => id);
  const workflowId = batchWorkflowId(app.id, hashOf(entries));
  const createdAt = await context.acceptedIds.inTurn(app.id, ids, async () => {
    throwTogether(
      named.flatMap(
        ({ submitted: each, input }) => conflictWithAccepted(context, app, each, input.contentHash) ?? [],
      ),
    );
    for (const each of await acceptedInTime(context, app, entries, fresh)) before.set(each.id, each);
    // What is not finished is a part of it: a batch that somebody terminated is begun again by its repetition.
    const open = entries.filter(
      ({ submitted: { id } }) => (before.get(id)?.status ?? 'pending') === 'pending',
    );
    const startedAt = await start(context, app, { entries, open }, acceptedAt);
    for (const { input } of named) {
      const known = before.get(input.eventId) ?? { createdAt: startedAt, workflowId };
      context.acceptedIds.remember(app.id, input.eventId, {
        contentHash: input.contentHash,
        acceptedAt: known.createdAt.toISOString(),
        workflowId: known.workflowId,
      });
    }
    return startedAt;
  });
  await untilOpened(context, app, fresh);
  return entries.map(
    ({ submitted: { id, eventType } }) =>
      before.get(id) ?? { id, appId: app.id, eventType, createdAt, status: 'pending', workflowId },
  );
}

const isNamed = ({ submitted: { namedBy } }: Entry) => namedBy !== undefined;

/** @throws Problem the first of them, with the fields of all that are of its kind */
function throwTogether(conflicts: readonly Problem[]): void {
  const [first] = conflicts;
  if (first) throw first.with(conflicts.filter(({ code }) => code === first.code));
}

/**
 * The events that PostgreSQL already has under ids that the caller chose, by id. None while it is away: then they are
 * checked when the events are recorded.
 * @throws Problem 409
 */
async function acceptedFromLog(
  context: ApiContext,
  app: App,
  entries: readonly Entry[],
): Promise<Map<string, AcceptedEvent>> {
  const before = new Map<string, AcceptedEvent>();
  const named = entries.filter(isNamed);
  if (named.length === 0) return before;
  const conflicts: Problem[] = [];
  try {
    const keys = await keysOf(context, app, named);
    await forEachConcurrent(LOOK_UPS_AT_ONCE, named, async ({ submitted, input }) => {
      const key = keys.get(submitted.id);
      if (!key) return;
      context.acceptedIds.forget(app.id, submitted.id);
      try {
        before.set(submitted.id, await acceptedBefore(context, app, submitted, key, input.contentHash));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        conflicts.push(error);
      }
    });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    context.logger.warn(
      { err: error },
      'could not look up event ids; they are checked when the events are recorded',
    );
  }
  throwTogether(conflicts);
  return before;
}

/**
 * Sees to it that nothing stands against the events now, but for those that were accepted before.
 * @returns of these, those that were accepted otherwise than in this very batch
 * @throws Problem 413, 422, 503
 */
async function acceptedInTime(
  context: ApiContext,
  app: App,
  entries: readonly Entry[],
  fresh: readonly Entry[],
): Promise<readonly AcceptedEvent[]> {
  const before: AcceptedEvent[] = [];
  const errors: FieldError[] = [];
  for (const { submitted, input } of fresh) {
    const refusal = await refusalOf(context, app, submitted, input);
    if (!refusal) continue;
    const mayBeAgain = before.length + errors.length === 0 && entries.every(isNamed);
    if (mayBeAgain && (await firstOfBatch(context, app, entries))) return [];
    const first = await acceptedBeforeNow(context, app, submitted, input);
    if (first) before.push(first);
    else if (refusal.more.errors === undefined) throw refusal;
    else errors.push(...refusal.more.errors);
    // More errors would not be shown.
    if (errors.length > MAX_FIELD_ERRORS) break;
  }
  if (errors.length > 0) throw problems.validationFailed(errors);
  return before;
}

/**
 * This very batch as it was accepted before; null if Temporal knows none.
 * @throws Problem 503
 */
async function firstOfBatch(
  { workflows }: ApiContext,
  app: App,
  entries: readonly Entry[],
): Promise<BatchInput | null> {
  try {
    return await workflows.findBatch(app.id, hashOf(entries));
  } catch (error) {
    if (!(error instanceof TemporalUnavailable)) throw error;
    throw problems.temporalUnavailable({ event_ids: entries.map(({ submitted: { id } }) => id) });
  }
}

/**
 * @returns when the events were accepted: now, or when this very batch came first
 * @throws Problem 413, 503
 */
async function start(
  context: ApiContext,
  app: App,
  { entries, open }: Readonly<Record<'entries' | 'open', readonly Entry[]>>,
  acceptedAt: Date,
): Promise<Date> {
  if (open.length === 0) return acceptedAt;
  const batch: BatchInput = {
    appId: app.id,
    acceptedAt: acceptedAt.toISOString(),
    events: open.map(({ input }) => batched(input)),
  };
  const size = Buffer.byteLength(JSON.stringify(batch));
  if (size > MOST_INPUT_BYTES) {
    throw problems.bodyTooLarge(
      `The bodies of the batch would have ${size} bytes. The maximum is ${MOST_INPUT_BYTES}.`,
    );
  }
  try {
    const hash = hashOf(entries);
    if ((await context.workflows.startBatch(hash, batch)) === 'started') return acceptedAt;
    const first = await firstOfBatch(context, app, entries);
    if (first) {
      const inputs = open.map(({ input }) => input);
      const left = await leftBehind(context, app, hash, inputs);
      const again = { ...first, events: left.map(batched) };
      if (left.length > 0) await context.workflows.startBatch(hash, again, { again: true });
      return new Date(first.acceptedAt);
    }
  } catch (error) {
    if (!(error instanceof TemporalUnavailable)) throw error;
  }
  // It could not be reached, or its retention has just ended.
  throw problems.temporalUnavailable({ event_ids: entries.map(({ submitted: { id } }) => id) });
}

/** An event without what it has in common with its batch. */
function batched({ appId: _app, acceptedAt: _at, ...event }: EventInput): BatchedEvent {
  return event;
}

/** What makes two batches the same: the ids of their events, and their contents. */
function hashOf(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const { input } of entries) hash.update(`${input.eventId}\n${input.contentHash}\n`);
  return hash.digest('hex');
}

/**
 * Waits a little until the events are in the log, the last of them first: it is opened with the last.
 * @throws Problem 409 when another process has accepted an id with other content in the same moment
 */
async function untilOpened(context: ApiContext, app: App, fresh: readonly Entry[]): Promise<void> {
  if (fresh.length === 0) return;
  const keysOfAll = async (entries: readonly Entry[]) => {
    const keys = await keysOf(context, app, entries);
    return keys.size === entries.length ? keys : null;
  };
  let keys: ReadonlyMap<string, EventKey> | null;
  try {
    keys = await untilKnown(async () => (await keysOfAll(fresh.slice(-1))) && keysOfAll(fresh));
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return;
  }
  const lost = fresh.filter(({ input: { eventId, contentHash } }) => {
    const key = keys?.get(eventId);
    return key !== undefined && key.contentHash.toString('hex') !== contentHash;
  });
  for (const { input } of lost) context.acceptedIds.forget(app.id, input.eventId);
  throwTogether(lost.map(({ submitted }) => problems.eventConflict(namedBy(submitted), OVERTAKEN)));
}

function keysOf({ pool }: ApiContext, app: App, entries: readonly Entry[]): Promise<Map<string, EventKey>> {
  return findEventKeys(
    pool,
    app.id,
    entries.map(({ submitted: { id } }) => id),
  );
}
