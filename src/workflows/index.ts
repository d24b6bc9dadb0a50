/** Every workflow type, as the workflow bundle exports them. */
import './no-stacks.js';

export { deliverEvent } from './deliver-event.js';
export { deliverBatch } from './deliver-batch.js';
export { resendEvent } from './resend-event.js';
export { endpointHealth } from './endpoint-health.js';
export { drainEndpoint } from './drain-endpoint.js';
export { recoverEndpoint } from './recover-endpoint.js';
export { removeApp } from './remove-app.js';
