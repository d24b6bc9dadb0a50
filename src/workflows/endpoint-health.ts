import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import {
  isOver,
  NEW_HEALTH,
  observe,
  type HealthStatus,
  type HealthStep,
} from '../health/endpoint-health.js';
import { healthQuery, reportSignal } from './messages.js';
import { untilDone } from './options.js';

const { lookAtHealth, disableEndpoint, announceHealth } = proxyActivities<WorkflowActivities>(untilDone);

/** After so many reports a run is continued as a new one, so that its history stays small. */
const REPORTS_A_RUN = 250;

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

  for (;;) {
    await condition(() => reported);
    reported = false;
    const steps = await look();
    for (const step of steps) await carryOut(step);
    // Disabling is to be seen too.
    if (steps.some(({ kind }) => kind === 'disable')) reported = true;
    if (isOver(status) && !reported) return status;
    if (reports >= REPORTS_A_RUN || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof endpointHealth>(endpointId, status);
    }
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
