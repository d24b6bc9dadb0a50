import type { components } from '../../client/index.js';

type Match = components['schemas']['Match'];

/** Why an event did not go to an endpoint. */
export function whyNot({ why, nearest_pattern: nearest }: Pick<Match, 'why' | 'nearest_pattern'>): string {
  const hint = nearest === null ? '' : ` Did you mean “${nearest}”?`;
  switch (why) {
    case 'type':
      return `Its event types do not match.${hint}`;
    case 'created_later':
      return 'It was added after the event came.';
    case 'changed_later':
      return 'Its event types match now, but did not when the event came.';
    case 'test':
      return 'The event is a test of another endpoint.';
    case 'about_itself':
      return 'The event is about this endpoint itself.';
  }
}
