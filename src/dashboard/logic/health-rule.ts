import type { components } from '../../client/index.js';
import { counted } from './stats.js';

/** When failures disable an endpoint, in a sentence. */
export function ruleWords(rule: components['schemas']['EndpointHealth']['rule']): string {
  const whens = [
    rule.after_failures !== null &&
      rule.after_failures > 0 &&
      `after ${counted(rule.after_failures, 'delivery that fails', 'deliveries in a row that fail')} for good`,
    rule.after_hours !== null &&
      rule.after_hours > 0 &&
      `after ${counted(rule.after_hours, 'hour')} in which all attempts fail`,
    rule.on_gone && 'at an answer of 410 Gone',
  ].filter((when) => when !== false);
  return whens.length === 0 ? 'Failures never disable it.' : `It is disabled ${whens.join(', or ')}.`;
}
