import type { Command } from 'commander';
import { define, group, option } from '../shared/define.js';
import { listOptions, windowOptions } from '../shared/list-options.js';

export function addDeliveryCommands(program: Command): void {
  const deliveries = group(program, 'deliveries', 'deliveries: one event to one endpoint');
  define(deliveries, {
    use: 'list',
    summary: 'lists the deliveries, the newest first',
    options: [
      option('--status <status>', 'only these').choices(['pending', 'processing', 'delivered', 'failed']),
      option('--reason <reason>', 'only those that wait, or failed, for this reason'),
      option('--type <type>', 'only of events of this type'),
      option('--endpoint <id>', 'only to this endpoint'),
      option('--event <id>', 'only of this event'),
      option('--trigger <trigger>', 'only what this has made').choices([
        'event',
        'test',
        'resend',
        'recover',
        'operational',
      ]),
      ...windowOptions(),
      ...listOptions(),
    ],
    examples: ['posthorn deliveries list --status failed --since 2h'],
    load: () => import('./list.js'),
  });
  define(deliveries, {
    use: 'get <id>',
    summary: 'shows a delivery with its attempts, and why it is as it is',
    examples: ['posthorn deliveries get "$DELIVERY"'],
    load: () => import('./get.js'),
  });
  define(deliveries, {
    use: 'retry <id>',
    summary: 'makes the next scheduled attempt now',
    examples: ['posthorn deliveries retry "$WAITING_DELIVERY"'],
    load: () => import('./retry.js'),
  });
  define(deliveries, {
    use: 'request <id>',
    summary: 'shows the request as it would be sent now, with a signature that is valid now',
    options: [
      option('--curl', 'as a curl command'),
      option('--reveal', 'with the values of the endpoint’s own headers'),
    ],
    examples: ['posthorn deliveries request "$DELIVERY" --curl'],
    load: () => import('./request.js'),
  });
}
