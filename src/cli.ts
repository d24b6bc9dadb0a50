#!/usr/bin/env node
import { Command } from 'commander';
import { runDemo } from './commands/demo.js';
import { runProduction } from './commands/production.js';
import { runRotateEncryptionKey } from './commands/rotate-encryption-key.js';
import { runStart } from './commands/start.js';
import { UserError } from './lib/user-error.js';
import { VERSION } from './lib/version.js';

const program = new Command('posthorn')
  .description(
    'Durable webhook delivery on Temporal. Settings are environment variables: see docs/configuration.md.',
  )
  .version(VERSION);

program
  .command('start')
  .description(
    'runs everything on this machine, with an embedded PostgreSQL and Temporal where none is given',
  )
  .action(() => runStart(process.env));

program
  .command('demo')
  .description('runs the same, demonstrates every profile, a retry and a resend, and ends')
  .option('--keep', 'keep running until Ctrl-C')
  .action(({ keep = false }: { keep?: boolean }) => runDemo(process.env, { keep }));

for (const [name, description, parts] of [
  ['api', 'runs the API alone', { api: true, worker: false }],
  ['worker', 'runs the workers alone', { api: false, worker: true }],
  [
    'all',
    'runs API and workers in one process, where first attempts are fastest',
    { api: true, worker: true },
  ],
] as const) {
  program
    .command(name)
    .description(`${description}, on the given PostgreSQL and Temporal`)
    .action(() => runProduction(process.env, parts));
}

program
  .command('rotate-encryption-key')
  .description('re-encrypts secrets and headers with POSTHORN_ENCRYPTION_KEY, while everything else runs')
  .action(() => runRotateEncryptionKey(process.env));

try {
  const given = process.argv.slice(2);
  await program.parseAsync(given.length === 0 ? ['start'] : given, { from: 'user' });
} catch (error) {
  if (error instanceof UserError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// Native handles of the Temporal SDK may outlive their use; everything of ours has been closed by now.
process.exit();
