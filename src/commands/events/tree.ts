import type { Command, Option } from 'commander';
import { define, group, option, repeatable } from '../shared/define.js';
import { listOptions, windowOptions } from '../shared/list-options.js';

/** What is said of an event that is sent. */
export function sendOptions(): Option[] {
  return [
    option('--data <json>', 'JSON, @file, or - for standard input'),
    repeatable('--set <path=value>', 'sets a value in the data: JSON, else text; may be repeated'),
    option('--id <id>', 'makes the command safe to repeat'),
    option('--attributes <json>', 'what the profile wants beside the data'),
    option(
      '--wait [duration]',
      'wait until it was delivered or failed; ends with 7 when it was not delivered',
    ),
  ];
}

export function addEventCommands(program: Command): void {
  const events = group(program, 'events', 'events: what happened, and where it went');
  define(events, {
    use: 'send <type>',
    summary: 'submits an event; without --data its data is {}',
    options: [
      ...sendOptions(),
      option('--deliver-at <time>', 'no attempt begins before this time'),
      option('--expires-at <time>', 'no attempt begins after this time'),
    ],
    examples: [`posthorn events send user.created --data '{"name":"Ada"}' --id user-1 --wait`],
    load: () => import('./send.js'),
  });
  define(events, {
    use: 'list',
    summary: 'lists the events, the newest first',
    options: [
      option('--type <type>', 'only of this type'),
      option('--status <status>', 'only these').choices([
        'pending',
        'failed',
        'cancelled',
        'delivered',
        'unmatched',
      ]),
      ...windowOptions(),
      ...listOptions(),
    ],
    examples: ['posthorn events list --type user.created --since 1d'],
    load: () => import('./list.js'),
  });
  define(events, {
    use: 'get <id>',
    summary: 'shows an event, its deliveries and their attempts',
    examples: ['posthorn events get "$EVENT"', 'posthorn events get "$EVENT" --json'],
    load: () => import('./get.js'),
  });
  define(events, {
    use: 'tail',
    summary: 'prints what happens, as it happens, until Ctrl-C',
    options: [
      option('--type <type>', 'only events of this type'),
      option('--endpoint <id>', 'only what is about this endpoint'),
      option('--event <id>', 'only what is about this event'),
      option('--kinds <kinds>', 'only these kinds of messages, separated by commas'),
      option('--last-event-id <id>', 'goes on after this message'),
    ],
    examples: ['posthorn events tail', 'posthorn events tail -o jsonl'],
    load: () => import('./tail.js'),
  });
  define(events, {
    use: 'resend <id>',
    summary: 'sends an event again: the same bytes, one attempt each',
    options: [option('--endpoint <id>', 'to this endpoint alone')],
    examples: ['posthorn events resend "$EVENT"'],
    load: () => import('./resend.js'),
  });
  define(events, {
    use: 'cancel <id>',
    summary: 'ends an event’s open deliveries',
    examples: ['posthorn events cancel "$WAITING_EVENT"'],
    load: () => import('./cancel.js'),
  });
}
