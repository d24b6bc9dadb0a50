import { isDisabled, takesDeliveries } from '../domain/endpoint.js';
import type { DeliveryFacts, Remedy } from './explanation.js';

/** What would change a delivery's state. Every path is a route of the API. Pure. */

type Names = Pick<DeliveryFacts, 'app' | 'delivery'>;

const appPath = ({ app }: Names) => `/v1/apps/${app.id}`;
const endpointPath = (names: Names) => `${appPath(names)}/webhooks/${names.delivery.endpointId}`;

export function retryNow(names: Names): Remedy {
  return {
    action: 'retry_now',
    text: 'Make the next attempt now. Later delays follow the schedule.',
    method: 'POST',
    path: `${appPath(names)}/deliveries/${names.delivery.id}/retry`,
  };
}

/** Sends what was sent once more; for a test event, sends another one. */
export function sendAgain(names: Names): Remedy {
  if (names.delivery.trigger === 'test') {
    return {
      action: 'send_test',
      text: 'Send another test event.',
      method: 'POST',
      path: `${endpointPath(names)}/test`,
    };
  }
  return {
    action: 'resend',
    text: `Send the event to this endpoint once more: {"webhook_id": "${names.delivery.endpointId}"}.`,
    method: 'POST',
    path: `${appPath(names)}/events/${encodeURIComponent(names.delivery.eventId)}/resend`,
  };
}

export function recoverEndpoint(names: Names): Remedy {
  return {
    action: 'recover',
    text: 'Send all events of a window that failed at this endpoint: {"since": "…"}.',
    method: 'POST',
    path: `${endpointPath(names)}/recover`,
  };
}

export function resumeEndpoint(names: Names): Remedy {
  return {
    action: 'resume_endpoint',
    text: 'Resume the endpoint. Its held deliveries go on.',
    method: 'POST',
    path: `${endpointPath(names)}/resume`,
  };
}

export function enableEndpoint(names: Names): Remedy {
  return {
    action: 'enable_endpoint',
    text: 'Enable the endpoint. Its held deliveries go on.',
    method: 'POST',
    path: `${endpointPath(names)}/enable`,
  };
}

/** What has to be done first where the endpoint takes no deliveries now; nothing where it does. */
export function opening(facts: Pick<DeliveryFacts, 'app' | 'delivery' | 'endpoint'>): Remedy[] {
  const { endpoint } = facts;
  if (endpoint === null || takesDeliveries(endpoint)) return [];
  return [
    ...(isDisabled(endpoint) ? [enableEndpoint(facts)] : []),
    ...(endpoint.pausedAt === null ? [] : [resumeEndpoint(facts)]),
  ];
}

export function changeEndpoint(names: Names, text: string): Remedy {
  return { action: 'change_endpoint', text, method: 'PATCH', path: endpointPath(names) };
}

export function addEndpoint(names: Names): Remedy {
  return {
    action: 'add_endpoint',
    text: 'Add an endpoint for these events.',
    method: 'POST',
    path: `${appPath(names)}/webhooks`,
  };
}

export function fixReceiver(text: string): Remedy {
  return { action: 'fix_receiver', text };
}

export const startWorker: Remedy = {
  action: 'start_worker',
  text: 'Start a worker: posthorn worker.',
};

export const checkSystem: Remedy = {
  action: 'check_system',
  text: 'See which part does not answer.',
  method: 'GET',
  path: '/readyz',
};
