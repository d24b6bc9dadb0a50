import type { Command } from 'commander';
import { define, option } from '../shared/define.js';
import { sendOptions } from '../events/tree.js';

export function addTrigger(program: Command): void {
  define(program, {
    use: 'trigger [type]',
    summary: 'submits an event with the catalogue’s example; without a type it lists what there is',
    options: [
      ...sendOptions(),
      option('--to <endpoint>', 'also to this endpoint, where it does not subscribe to the type'),
      option('--count <n>', 'so many events').default('1'),
      option('--every <duration>', 'the time between two of them').default('0s'),
      option('--print', 'print the event, and send nothing'),
    ],
    examples: [
      'posthorn trigger user.created --set name=Grace',
      'posthorn trigger user.created --to "$ENDPOINT"',
    ],
    load: () => import('./trigger.js'),
  });
}
