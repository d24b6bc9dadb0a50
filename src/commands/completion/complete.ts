import type { Command } from 'commander';
import { candidatesFor } from './candidates.js';
import { idsFor } from './ids.js';

/** Prints what may come next, one a line. Prints nothing where that cannot be found out: it runs at every Tab. */
export async function runComplete(program: Command, words: readonly string[]): Promise<void> {
  const { fixed, wantsIdOf } = candidatesFor(program, words);
  const ids = wantsIdOf === null ? [] : await idsFor(wantsIdOf).catch(() => []);
  for (const candidate of [...fixed, ...ids]) process.stdout.write(`${candidate}\n`);
}
