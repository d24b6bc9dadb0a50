import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../lib/errors.js';
import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';
import type { Received } from './receiver.js';

/** Keeps a request. */
export type Save = (request: Received) => Promise<void>;

/**
 * What keeps each request as `posthorn verify --headers <name>.headers.json <name>.body` takes it; names sort by their
 * time. Headers may have credentials, so nobody else may read them.
 * @param folder is made where it is missing; undefined: nothing is kept
 * @throws CommandError of usage when the folder cannot be made
 */
export async function savingTo(folder: string | undefined): Promise<Save> {
  if (folder === undefined) return () => Promise.resolve();
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new CommandError(EXIT.usage, `--save: ${messageOf(error)}.`);
  });
  let count = 0;
  return async ({ at, headers, body }) => {
    count += 1;
    const name = `${at.toISOString().replaceAll(':', '-')}-${count}`;
    await Promise.all([
      writeFile(join(folder, `${name}.headers.json`), `${JSON.stringify(headers, null, 2)}\n`, OWN),
      writeFile(join(folder, `${name}.body`), body, OWN),
    ]);
  };
}

const OWN = { mode: 0o600 };
