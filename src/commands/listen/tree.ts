import type { Command } from 'commander';
import { define, option } from '../shared/define.js';

export function addListen(program: Command): void {
  define(program, {
    use: 'listen',
    summary: 'receives events on this machine until Ctrl-C, and says whether they verify',
    options: [
      option('--forward-to <url>', 'hand every request on to this URL, and answer what that answers'),
      option('--events <patterns>', 'only these event types and patterns, separated by commas').default('*'),
      option('--status <n>', 'what is answered').default('200'),
      option('--fail <script>', 'what is answered first, like 500x2,timeout,reset'),
      option('--delay <duration>', 'how long an answer takes').default('0s'),
      option('--port <n>', 'where it listens; any free port without it').default('0'),
      option('--mirror', 'copy what endpoints elsewhere get, instead of making an endpoint'),
      option('--webhook <id>', 'copy what this endpoint gets'),
      option('--print-secret', 'print the signing secret first, for scripts'),
      option('--body', 'print the bodies'),
      option('--headers', 'print the headers'),
      option(
        '--save <folder>',
        'keep each request there, credentials too, for posthorn verify --tolerance 365d',
      ),
      option('--tolerance <duration>', 'how old a signature may be').default('5m'),
    ],
    examples: [
      'posthorn listen --forward-to "$RECEIVER" --events "order.*"',
      "posthorn listen --fail '500x2,timeout' -o jsonl",
    ],
    load: () => import('./listen.js'),
  });
}
