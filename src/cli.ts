#!/usr/bin/env node
import { createProgram } from './commands/program.js';

/** Data that nobody reads any more, as after `| head`, is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const given = process.argv.slice(2);
  if (given.length === 0)
    process.stderr.write('This is `posthorn start`; `posthorn --help` has the other commands.\n');
  await createProgram().parseAsync(given.length === 0 ? ['start'] : given, { from: 'user' });
} catch (error) {
  const { failureOf } = await import('./commands/shared/failures.js');
  const { exitCode, lines } = await failureOf(error);
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exitCode = exitCode;
}
// Native handles of the Temporal SDK may outlive their use; everything of ours has been closed by now.
process.exit();
