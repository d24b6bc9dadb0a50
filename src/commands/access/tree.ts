import type { Command } from 'commander';
import { define, option } from '../shared/define.js';

/** Keys, contexts, and the dashboard. */
export function addAccessCommands(program: Command): void {
  define(program, {
    use: 'login',
    summary: 'asks for a key, checks it, and keeps it in a context',
    examples: ['echo "$KEY" | posthorn login --url "$URL" --key - --context shop'],
    load: () => import('./login.js'),
  });
  define(program, {
    use: 'contexts [name]',
    summary: 'lists the contexts, or makes one the current one',
    examples: ['posthorn contexts', 'posthorn contexts shop'],
    load: () => import('./contexts.js'),
  });
  define(program, {
    use: 'whoami',
    summary: 'says where the API is, and whose key is used',
    examples: ['posthorn whoami'],
    load: () => import('./whoami.js'),
  });
  define(program, {
    use: 'open [path]',
    summary: 'opens the dashboard, signed in by a link that works once',
    options: [option('--print', 'print the link, and open nothing')],
    examples: ['posthorn open --print'],
    load: () => import('./open.js'),
  });
  define(program, {
    use: 'logout',
    summary: 'forgets a context with its key',
    examples: ['posthorn logout --context shop'],
    load: () => import('./logout.js'),
  });
}
