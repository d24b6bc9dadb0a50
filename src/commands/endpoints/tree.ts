import type { Command, Option } from 'commander';
import { define, group, option, repeatable } from '../shared/define.js';
import { listOptions, windowOptions } from '../shared/list-options.js';

const settings = (): Option[] => [
  option('--events <patterns>', 'event types and patterns, separated by commas'),
  option('--description <text>', 'what it is'),
  option('--retry-limit <n>', 'maximum number of retries'),
  option('--rate-limit <n>', 'maximum attempts per second'),
  option('--max-in-flight <n>', 'maximum attempts at the same time'),
  option(
    '--schedule <delays>',
    'seconds before each retry, separated by commas; a profile’s name; or default',
  ),
  repeatable('--header <name=value>', 'a header that every attempt has; may be repeated'),
  repeatable('--metadata <name=value>', 'what you know it by; may be repeated'),
];

export function addEndpointCommands(program: Command): void {
  const endpoints = group(program, 'endpoints', 'endpoints: URLs that get events');
  define(endpoints, {
    use: 'list',
    summary: 'lists the endpoints, the newest first',
    options: [
      ...listOptions(),
      option('--status <status>', 'only these').choices(['active', 'paused', 'disabled']),
    ],
    examples: ['posthorn endpoints list'],
    load: () => import('./list.js'),
  });
  define(endpoints, {
    use: 'create <url>',
    summary: 'creates an endpoint, and shows its signing secret',
    options: [...settings(), option('--secret <secret>', 'its signing secret; generated without')],
    examples: [
      'posthorn endpoints create "$RECEIVER" --events "order.*,user.created"',
      'posthorn endpoints create "$RECEIVER" --schedule 5,60,3600 --metadata team=billing',
    ],
    load: () => import('./create.js'),
  });
  define(endpoints, {
    use: 'get <id>',
    summary: 'shows an endpoint',
    examples: ['posthorn endpoints get "$ENDPOINT"'],
    load: () => import('./get.js'),
  });
  define(endpoints, {
    use: 'update <id>',
    summary: 'changes an endpoint from the next attempt on',
    options: [option('--endpoint-url <url>', 'where events are sent'), ...settings()],
    examples: ['posthorn endpoints update "$ENDPOINT" --description "Production shop"'],
    load: () => import('./update.js'),
  });
  define(endpoints, {
    use: 'delete <id>',
    summary: 'deletes an endpoint, and ends its open deliveries',
    examples: ['posthorn endpoints delete "$OTHER_ENDPOINT"'],
    load: () => import('./delete.js'),
  });
  define(endpoints, {
    use: 'test <id>',
    summary: 'sends the profile’s test event to this endpoint alone, and waits for its answer',
    options: [option('--wait <duration>', 'how long').default('30s')],
    examples: ['posthorn endpoints test "$ENDPOINT"'],
    load: () => import('./ping.js'),
  });
  define(endpoints, {
    use: 'secret <id>',
    summary: 'shows the signing secret',
    options: [option('--print', 'the secret alone, for scripts')],
    examples: ['posthorn endpoints secret "$ENDPOINT" --print'],
    load: () => import('./secret.js'),
  });
  define(endpoints, {
    use: 'rotate <id>',
    summary: 'replaces the signing secret; the old one signs for a while, too',
    options: [
      option('--grace <duration>', 'how long the old one goes on signing').default('1d'),
      option('--secret <secret>', 'the new secret; generated without'),
    ],
    examples: ['posthorn endpoints rotate "$ENDPOINT" --grace 2d'],
    load: () => import('./rotate.js'),
  });
  addStates(endpoints);
  define(endpoints, {
    use: 'check <url>',
    summary: 'tries whether a URL can be an endpoint: its address, connection, TLS and answer',
    options: [
      option('--send', 'send a signed POST, too'),
      option('--secret <secret>', 'what that is signed with'),
    ],
    examples: ['posthorn endpoints check "$RECEIVER"'],
    load: () => import('./check.js'),
  });
  define(endpoints, {
    use: 'recover <id>',
    summary: 'delivers the events of a window of time once more, the oldest first',
    options: [
      ...windowOptions(),
      option('--status <status>', 'which: those that failed, that were never made for it, or all')
        .choices(['failed', 'missing', 'all'])
        .default('failed'),
      option('--dry-run', 'only say how many that would be'),
      option('--watch', 'wait until it has ended'),
    ],
    examples: ['posthorn endpoints recover "$ENDPOINT" --since 2h --status failed'],
    load: () => import('./recover.js'),
  });
}

function addStates(endpoints: Command): void {
  for (const [action, summary] of [
    ['pause', 'pauses an endpoint: its deliveries are held'],
    ['resume', 'resumes an endpoint: its held deliveries go on'],
    ['disable', 'disables an endpoint: its deliveries are held'],
    ['enable', 'enables an endpoint: its held deliveries go on'],
  ] as const) {
    define(endpoints, {
      use: `${action} <id>`,
      summary,
      examples: [`posthorn endpoints ${action} "$ENDPOINT"`],
      load: async () => {
        const { runState } = await import('./state.js');
        return { run: (args: readonly string[], flags: never) => runState(action, args, flags) };
      },
    });
  }
}
