import { readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from './files.js';

const Running = z.object({
  url: z.url(),
  /** Null with a Temporal server that was given. */
  temporal_ui_url: z.url().nullable(),
  pid: z.number().int().positive(),
});

/** What runs on a data directory, as the command line finds it. */
export type Running = z.infer<typeof Running>;

/**
 * Says in the data directory what runs on it (`running.json`, mode 0600).
 * @returns what takes it back; it does nothing when another process has said it since
 */
export async function announceRunning(dataDir: string, running: Running): Promise<() => void> {
  const path = pathIn(dataDir);
  await writeFile(`${path}.new`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return () => {
    try {
      if (Running.parse(JSON.parse(readFileSync(path, 'utf8'))).pid === running.pid) rmSync(path);
    } catch {
      // It is gone, or somebody else's.
    }
  };
}

/** What runs on the data directory; null when nothing does, or what did has been killed. */
export async function runningOn(dataDir: string): Promise<Running | null> {
  const running = await announcedIn(dataDir);
  return running !== null && lives(running.pid) ? running : null;
}

/** What was announced, whether it still runs or not. */
export async function announcedIn(dataDir: string): Promise<Running | null> {
  try {
    const text = await readIfThere(pathIn(dataDir));
    return text === undefined ? null : Running.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process lives, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'running.json');
}
