import type { Option } from 'commander';
import { option } from './define.js';

/** The flags of a command that lists. `lists.ts` has their types. */
export function listOptions(): Option[] {
  return [
    option('--limit <n>', 'at most so many').default('50'),
    option('--all', 'all there are, however many'),
  ];
}

/** The flags for a window of time. */
export function windowOptions(): Option[] {
  return [
    option('--since <time>', 'from this time on: ISO 8601, or how long ago it was, like 2h'),
    option('--until <time>', 'before this time'),
  ];
}
