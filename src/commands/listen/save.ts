import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Received } from './receiver.js';

let count = 0;

/**
 * Keeps a request as `posthorn verify --headers <name>.headers.json <name>.body` takes it; names sort by their time.
 * @param folder is made where it is missing; null: nothing is kept
 */
export async function save(folder: string | null, { at, headers, body }: Received): Promise<void> {
  if (folder === null) return;
  count += 1;
  const name = `${at.toISOString().replaceAll(':', '-')}-${count}`;
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, `${name}.headers.json`), `${JSON.stringify(headers, null, 2)}\n`),
    writeFile(join(folder, `${name}.body`), body),
  ]);
}
