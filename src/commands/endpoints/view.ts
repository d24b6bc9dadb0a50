import type { components } from '../../client/index.js';
import { fieldsText, statusText, type Output } from '../shared/output.js';

/** An endpoint for people. */
export function endpointText(webhook: components['schemas']['Webhook'], out: Output): string {
  const why = webhook.disabled_reason === null ? '' : `: ${webhook.disabled_reason}`;
  return fieldsText([
    ['Endpoint', webhook.id],
    ['URL', webhook.url],
    ['Description', webhook.description],
    ['Events', webhook.event_types.join(', ')],
    ['Status', `${statusText(out.colours, webhook.status)}${why}`],
    ['Retries', String(webhook.retry_limit)],
    ['Rate limit', webhook.rate_limit === null ? null : `${webhook.rate_limit} a second`],
    ['In flight', webhook.max_in_flight === null ? null : `at most ${webhook.max_in_flight}`],
    ['Failures', String(webhook.failure_count)],
    ['Last event', out.times.of(webhook.last_triggered_at)],
    ['Created', out.times.of(webhook.created_at)],
  ]);
}
