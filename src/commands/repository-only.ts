import { fileURLToPath } from 'node:url';

/** The exit code of a command that cannot be used so. */
const USAGE = 2;
const INSTALLED = /[\\/]node_modules[\\/]/;

/**
 * Whether a command that needs Posthorn's repository is run from there. What it starts, PostgreSQL and the receivers'
 * libraries, are development dependencies, which npm does not install with a package. From an installed package it says
 * what to use instead, and sets the exit code.
 * @param from a file of Posthorn's, as a URL
 */
export function runsInRepository(command: 'start' | 'demo', from = import.meta.url): boolean {
  if (!INSTALLED.test(fileURLToPath(from))) return true;
  process.stderr.write(
    `\`posthorn ${command}\` needs Posthorn's repository, with its development dependencies: run it there ` +
      '(`npm ci && npm start`), or use `posthorn all` with DATABASE_URL and TEMPORAL_ADDRESS.\n',
  );
  process.exitCode = USAGE;
  return false;
}
