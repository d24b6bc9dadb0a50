import type { Logger } from 'pino';
import { LRUCache } from 'lru-cache';
import { forEachConcurrent } from '../lib/for-each-concurrent.js';
import {
  beginRound,
  endOfSweep,
  holdingEndpoints,
  overdueDeliveries,
  runningRecoveries,
  sweep,
  trippedEndpoints,
  type DuePosition,
  type HoldingPosition,
  type StuckDelivery,
} from '../store/deliveries/stuck-deliveries.js';
import { removalsUnderWay } from '../store/apps/removed-ids.js';
import { drainWorkflowId, recoveryWorkflowId, removalWorkflowId } from '../temporal/client/ids.js';
import { carryOnMissing, type CarryOnContext } from './carry-on.js';

/**
 * Looks after what nobody carries on: a workflow that Temporal has lost, or that somebody terminated. One process at a
 * time does a round; what is merely late, because the workers are behind, has a workflow and is left alone.
 */
export interface LookAfter {
  /** Ends with the step that is being done. */
  stop(): Promise<void>;
}

export interface LookAfterTimes {
  /** Time between two rounds, of all processes together. */
  readonly everyMs: number;
  /** A delivery that has been due for longer is checked: longer than an attempt takes. */
  readonly overdueMs: number;
}

/** With these, deliveries go on some three minutes after their workflow was lost. */
const LOOK_AFTER_TIMES: LookAfterTimes = { everyMs: 30_000, overdueMs: 120_000 };

/** Limits of a round. The next round does the rest. */
const MOST_LOOKS = 500;
const PAGE = 500;
const MOST_PAGES = 10;
const LOOKS_AT_ONCE = 10;
const MOST_ENDPOINTS = 100;
const LONGEST_SWEEP_MS = 600_000;
const MOST_SWEEPS = 500;

/** A delivery that has a workflow is not checked again before this; the time doubles with each check. */
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 3_600_000;
const MOST_RESTING = 50_000;

interface Rest {
  readonly until: number;
  readonly pauseMs: number;
}

export function startLookAfter(
  context: CarryOnContext & { readonly logger: Logger },
  { everyMs, overdueMs }: LookAfterTimes = LOOK_AFTER_TIMES,
): LookAfter {
  const { pool, workflows, gaps, logger } = context;
  const resting = new LRUCache<string, Rest>({ max: MOST_RESTING, ttl: 2 * LONGEST_REST_MS });
  let due: DuePosition | null = null;
  let holding: HoldingPosition | null = null;
  let recovering: string | null = null;
  let removing: string | null = null;
  let isStopping = false;
  let hasFailed = false;

  const isResting = (workflowId: string) => (resting.get(workflowId)?.until ?? 0) > performance.now();
  const rest = (workflowId: string) => {
    const pauseMs = Math.min(2 * (resting.get(workflowId)?.pauseMs ?? FIRST_REST_MS / 2), LONGEST_REST_MS);
    resting.set(workflowId, { until: performance.now() + pauseMs, pauseMs });
  };

  const carryOn = async ({ appId, eventId, day, workflowId }: StuckDelivery) => {
    if (isStopping) return;
    rest(workflowId);
    await carryOnMissing(context, { workflowId, event: { appId, id: eventId, day } });
  };
  const isMissing = async (workflowId: string) => (await workflows.standingOf(workflowId)).kind !== 'running';

  const sweepUpTo = async (latest: Date, sweptUntil: Date) => {
    let from = sweptUntil;
    for (let n = 0; n < MOST_SWEEPS && from < latest && !isStopping; n += 1) {
      const until = endOfSweep(from, LONGEST_SWEEP_MS, latest);
      await sweep(pool, from, until);
      from = until;
    }
  };

  const overdue = async () => {
    const found = new Map<string, StuckDelivery>();
    for (let n = 0; n < MOST_PAGES && found.size < MOST_LOOKS; n += 1) {
      const page = await overdueDeliveries(pool, overdueMs, due, PAGE);
      for (const each of page) if (!isResting(each.workflowId)) found.set(each.workflowId, each);
      due = page.length < PAGE ? null : (page.at(-1)?.position ?? null);
      if (due === null) break;
    }
    await forEachConcurrent(LOOKS_AT_ONCE, [...found.values()], carryOn);
  };

  const held = async () => {
    const page = await holdingEndpoints(pool, holding, MOST_ENDPOINTS);
    holding = page.length < MOST_ENDPOINTS ? null : (page.at(-1)?.position ?? null);
    // Of each endpoint what is oldest.
    const once = new Map(page.toReversed().map((each) => [each.endpointId, each]));
    await forEachConcurrent(
      LOOKS_AT_ONCE,
      [...once.values()],
      async ({ endpointId, isOpen, isGone, isPast, oldest }) => {
        if (isStopping) return;
        if ((isOpen || isGone) && (await isMissing(drainWorkflowId(endpointId)))) {
          await workflows.startDrain(endpointId);
          gaps.begunAgain({ webhook_id: endpointId }, 'the release of held deliveries');
        }
        if ((isPast || isGone) && !isResting(oldest.workflowId)) await carryOn(oldest);
      },
    );
  };

  const endpoints = async () => {
    // Twice does no harm: it is what every counted failure does.
    const tripped = await trippedEndpoints(pool, MOST_ENDPOINTS);
    await forEachConcurrent(LOOKS_AT_ONCE, tripped, ({ appId, endpointId }) =>
      workflows.reportHealth(appId, endpointId),
    );
    const jobs = await runningRecoveries(pool, recovering, MOST_ENDPOINTS);
    recovering = jobs.length < MOST_ENDPOINTS ? null : (jobs.at(-1)?.id ?? null);
    await forEachConcurrent(LOOKS_AT_ONCE, jobs, async (job) => {
      if (isStopping || !(await isMissing(recoveryWorkflowId(job.endpointId, job.id)))) return;
      await workflows.startRecovery(job);
      gaps.begunAgain({ webhook_id: job.endpointId, job_id: job.id }, 'a recovery');
    });
  };

  const removals = async () => {
    const page = await removalsUnderWay(pool, removing, MOST_ENDPOINTS);
    removing = page.length < MOST_ENDPOINTS ? null : (page.at(-1) ?? null);
    await forEachConcurrent(LOOKS_AT_ONCE, page, async (appId) => {
      if (isStopping || !(await isMissing(removalWorkflowId(appId)))) return;
      await workflows.startRemoval(appId);
      gaps.begunAgain({ app_id: appId }, 'the removal of an application');
    });
  };

  const round = async () => {
    try {
      const begun = await beginRound(pool, everyMs * 0.9);
      if (!begun) return;
      await sweepUpTo(new Date(begun.now.getTime() - overdueMs), begun.sweptUntil);
      await overdue();
      await held();
      await endpoints();
      await removals();
      hasFailed = false;
    } catch (err) {
      // One of the stores is away, which others tell of: once is enough here.
      logger[hasFailed ? 'debug' : 'warn']({ err }, 'what nobody carries on could not be looked for yet');
      hasFailed = true;
    }
  };

  let current: Promise<void> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    current = round().finally(() => {
      isBusy = false;
    });
  }, everyMs);
  return {
    stop() {
      isStopping = true;
      clearInterval(timer);
      return current;
    },
  };
}
