import type { Command } from 'commander';
import { define, group, option } from '../shared/define.js';

export function addEventTypeCommands(program: Command): void {
  const types = group(
    program,
    'event-types',
    'the catalogue of the profile, and the application’s own types',
  );
  define(types, {
    use: 'list',
    summary: 'lists the profile’s event types, then the application’s own',
    examples: ['posthorn event-types list'],
    load: () => import('./list.js'),
  });
  define(types, {
    use: 'create <name>',
    summary: 'adds an event type of the application',
    options: [
      option('--description <text>', 'what the event says'),
      option('--schema <json>', 'JSON Schema of its data: JSON, @file, or - for standard input'),
    ],
    examples: [`posthorn event-types create parcel.lost --schema '{"type":"object"}'`],
    load: () => import('./create.js'),
  });
  define(types, {
    use: 'delete <name>',
    summary: 'deletes one of the application’s own',
    examples: ['posthorn event-types delete parcel.lost'],
    load: () => import('./delete.js'),
  });
}
