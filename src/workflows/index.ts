/** Every workflow type, as the workflow bundle exports them. */
export { deliverEvent } from './deliver-event.js';
export { resendEvent } from './resend-event.js';
export { drainEndpoint } from './drain-endpoint.js';
