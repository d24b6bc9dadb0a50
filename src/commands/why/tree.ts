import type { Command } from 'commander';
import { define } from '../shared/define.js';

export function addWhy(program: Command): void {
  define(program, {
    use: 'why <id>',
    summary: 'says of an event or a delivery where it went, when, and why not yet',
    examples: ['posthorn why "$EVENT"', 'posthorn why "$DELIVERY"'],
    load: () => import('./why.js'),
  });
}
