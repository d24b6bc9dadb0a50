import { Command } from 'commander';
import { VERSION } from '../lib/version.js';
import { addAccessCommands } from './access/tree.js';
import { addAppCommands } from './apps/tree.js';
import { addCompletion } from './completion/tree.js';
import { addDeliveryCommands } from './deliveries/tree.js';
import { addDoctor } from './doctor/tree.js';
import { addEndpointCommands } from './endpoints/tree.js';
import { addEventTypeCommands } from './event-types/tree.js';
import { addEventCommands } from './events/tree.js';
import { addListen } from './listen/tree.js';
import { addServerCommands } from './server-tree.js';
import { addTrigger } from './trigger/tree.js';
import { addVerify } from './verify/tree.js';
import { addWhy } from './why/tree.js';

/** `posthorn` with all its commands. None of them is loaded before it runs. */
export function createProgram(): Command {
  const program = new Command('posthorn')
    .description('Durable webhook delivery on Temporal.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nBeside a running `npm start`, no command needs a flag. docs/cli.md has them all, with examples.',
    );
  program.commandsGroup('Server (settings are environment variables: docs/configuration.md):');
  addServerCommands(program);
  program.commandsGroup('Looking and finding out:');
  addWhy(program);
  addDoctor(program);
  addListen(program);
  addTrigger(program);
  addVerify(program);
  program.commandsGroup('By resource:');
  addEventCommands(program);
  addDeliveryCommands(program);
  addEndpointCommands(program);
  addEventTypeCommands(program);
  addAppCommands(program);
  program.commandsGroup('Keys and this command:');
  addAccessCommands(program);
  addCompletion(program);
  return program;
}
