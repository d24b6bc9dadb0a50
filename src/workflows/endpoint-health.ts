import {
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { WorkflowActivities } from './activity-types.js';
import {
  isOver,
  NEW_HEALTH,
  observe,
  type HealthStatus,
  type HealthStep,
} from '../domain/endpoint-health.js';
import { GrowingPause } from './growing-pause.js';
import { healthQuery, reportSignal } from './messages.js';
import { untilDone } from './options.js';

const { lookAtHealth, disableEndpoint, announceHealth } = proxyActivities<WorkflowActivities>(untilDone);

/** After so many reports a run is continued as a new one, so that its history stays small. */
const REPORTS_A_RUN = 250;
/** Who changes or deletes the endpoint may die before the report is sent. */
const LOOK_EVERY_MS = 3_600_000;
/** Pauses between looks that find nothing new. An endpoint that meets a rule is disabled within the longest pause. */
const PAUSES = { free: 5, firstMs: 100, longestMs: 1_000 };

/**
 * Watches an endpoint from its first failure until it is healthy again or gone. Reports say only that the log has
 * something new: what counts is read there. Its id is `endpoint-health/<webhook_id>`.
 */
export async function endpointHealth(
  endpointId: string,
  known: HealthStatus = NEW_HEALTH,
): Promise<HealthStatus> {
  let status = known;
  let reported = true;
  let reports = 0;
  setHandler(healthQuery, () => status);
  setHandler(reportSignal, () => {
    reported = true;
    reports += 1;
  });
  const pauses = new GrowingPause(PAUSES);

  for (;;) {
    await condition(() => reported, LOOK_EVERY_MS, { summary: 'until the next report' });
    reported = false;
    const before = status.state;
    const steps = await look();
    for (const step of steps) await carryOut(step);
    // Disabling is to be seen too.
    if (steps.some(({ kind }) => kind === 'disable')) reported = true;
    // A report that Temporal does not take any more counts on the run that follows one with so many.
    if (reports >= REPORTS_A_RUN || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof endpointHealth>(endpointId, status);
    }
    if (isOver(status) && !reported) return status;
    if (status.state !== before) pauses.reset();
    const pauseMs = pauses.next();
    if (pauseMs > 0) await sleep(pauseMs, { summary: 'pause before the next look' });
  }

  async function look(): Promise<readonly HealthStep[]> {
    const observed = observe(status, await lookAtHealth(endpointId), new Date().toISOString());
    status = observed.status;
    return observed.steps;
  }

  function carryOut(step: HealthStep): Promise<void> {
    if (step.kind === 'disable') return disableEndpoint(endpointId);
    const { failureCount, failingSince, history } = status;
    const { at = '', reason = null } = history.at(-1) ?? {};
    return announceHealth({ endpointId, type: step.type, at, failureCount, failingSince, reason });
  }
}
