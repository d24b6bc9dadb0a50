import type { DeliveryActivities, WorkflowActivities } from './activities.js';
import { bringForwardActivity } from './bring-forward.js';
import { announceHealthActivity, disableEndpointActivity, lookAtHealthActivity } from './watch-health.js';
import { checkDeliveryActivity } from './check-delivery.js';
import { closeDeliveryActivity, concludeLostActivity } from './close-delivery.js';
import type { Dependencies } from './dependencies.js';
import { makeAttemptActivity } from './make-attempt.js';
import { carryOnActivity, openBatchActivity } from './open-batch.js';
import { openEventActivity } from './open-event.js';
import { openResendActivity } from './open-resend.js';
import { reopenDeliveriesActivity } from './reopen-deliveries.js';
import { recordOutcomeActivity } from './record-outcome.js';
import { recoverWindowActivity } from './recover-window.js';
import { releaseHeldActivity } from './release-held.js';
import { removeAppDataActivity } from './remove-app-data.js';

/** The activities of the workflows' own queue. */
export function createWorkflowActivities(deps: Dependencies): WorkflowActivities {
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
