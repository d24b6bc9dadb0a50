import type { components } from '../../client/index.js';

type Remedy = components['schemas']['Explanation']['remedies'][number];

/** These have a button beside them. */
const BUTTONS: readonly Remedy['action'][] = ['retry_now', 'resend'];
const AT_ENDPOINT: readonly Remedy['action'][] = [
  'send_test',
  'resume_endpoint',
  'enable_endpoint',
  'change_endpoint',
  'recover',
];

/** What a person can do beside what has a button; `isAtEndpoint`: on the endpoint's page. */
export function remediesToShow(remedies: readonly Remedy[]): { text: string; isAtEndpoint: boolean }[] {
  return remedies
    .filter(({ action }) => !BUTTONS.includes(action))
    .map(({ action, text }) => ({
      // The body that the API wants is for programs.
      text: text.replace(/: \{.*\}\.$/, '.'),
      isAtEndpoint: AT_ENDPOINT.includes(action),
    }));
}
