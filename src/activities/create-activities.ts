import type { DeliveryActivities, WorkflowActivities } from '../workflows/activity-types.js';
import { bringForwardActivity } from './attempt/bring-forward.js';
import {
  announceHealthActivity,
  disableEndpointActivity,
  lookAtHealthActivity,
} from './health/watch-health.js';
import { checkDeliveryActivity } from './attempt/check-delivery.js';
import { closeDeliveryActivity, concludeLostActivity } from './attempt/close-delivery.js';
import type { ActivityDependencies, Dependencies } from './dependencies.js';
import { makeAttemptActivity } from './attempt/make-attempt.js';
import { carryOnActivity, openBatchActivity } from './dispatch/open-batch.js';
import { openEventActivity } from './dispatch/open-event.js';
import { openResendActivity } from './dispatch/open-resend.js';
import { reopenDeliveriesActivity } from './dispatch/reopen-deliveries.js';
import { recordOutcomeActivity } from './attempt/record-outcome.js';
import { recoverWindowActivity } from './recover/recover-window.js';
import { releaseHeldActivity } from './drain/release-held.js';
import { removeAppDataActivity } from './remove/remove-app-data.js';

/** The activities of the workflows' own queue. */
export function createWorkflowActivities(deps: ActivityDependencies): WorkflowActivities {
  return {
    openEvent: openEventActivity(deps),
    openBatch: openBatchActivity(deps),
    carryOn: carryOnActivity(deps),
    openResend: openResendActivity(deps),
    recordOutcome: recordOutcomeActivity(deps),
    closeDelivery: closeDeliveryActivity(deps),
    reopenDeliveries: reopenDeliveriesActivity(deps),
    concludeLost: concludeLostActivity(deps),
    checkDelivery: checkDeliveryActivity(deps),
    releaseHeld: releaseHeldActivity(deps),
    recoverWindow: recoverWindowActivity(deps),
    removeAppData: removeAppDataActivity(deps),
    bringForward: bringForwardActivity(deps),
    lookAtHealth: lookAtHealthActivity(deps),
    disableEndpoint: disableEndpointActivity(deps),
    announceHealth: announceHealthActivity(deps),
  };
}

/** The activities of the delivery queue. */
export function createDeliveryActivities(deps: Dependencies): DeliveryActivities {
  return { makeAttempt: makeAttemptActivity(deps) };
}
