import type { Command } from 'commander';
import { define, group, option } from '../shared/define.js';
import { listOptions } from '../shared/list-options.js';

export function addAppCommands(program: Command): void {
  const apps = group(program, 'apps', 'applications and their keys');
  define(apps, {
    use: 'list',
    summary: 'lists the applications, the newest first',
    options: listOptions(),
    examples: ['posthorn apps list'],
    load: () => import('./list.js'),
  });
  define(apps, {
    use: 'create <name>',
    summary: 'creates an application, and shows its first key, this once',
    options: [option('--profile <profile>', 'the documented system that its events look like')],
    examples: ['posthorn apps create Shop --profile standard'],
    load: () => import('./create.js'),
  });
  define(apps, {
    use: 'get [id]',
    summary: 'shows an application; without an id, that of the flags',
    examples: ['posthorn apps get'],
    load: () => import('./get.js'),
  });
  define(apps, {
    use: 'delete <id>',
    summary: 'deletes an application and everything that belongs to it',
    examples: ['posthorn apps delete "$OTHER_APP"'],
    load: () => import('./delete.js'),
  });
  const keys = group(apps, 'keys', 'an application’s keys');
  define(keys, {
    use: 'list',
    summary: 'lists the keys, without the keys themselves',
    options: listOptions(),
    examples: ['posthorn apps keys list'],
    load: () => import('./keys-list.js'),
  });
  define(keys, {
    use: 'create [name]',
    summary: 'creates a key, and shows it, this once',
    options: [option('--scopes <scopes>', 'what it may do, separated by commas; all without it')],
    examples: ['posthorn apps keys create reporting --scopes events:read,webhooks:read'],
    load: () => import('./keys-create.js'),
  });
  define(keys, {
    use: 'revoke <id>',
    summary: 'deletes a key: every process refuses it within a second',
    examples: ['posthorn apps keys revoke "$KEY_ID"'],
    load: () => import('./keys-revoke.js'),
  });
}
