import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

/** The recorded histories, a folder for each version. */
export const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));
/** What each of them was when it was recorded: one is added, never changed. */
export const SUMS = fileURLToPath(new URL('./histories.sha256', import.meta.url));

export function sumOf(history: string): string {
  return createHash('sha256').update(history).digest('hex');
}
