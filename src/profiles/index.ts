import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Profile } from './profile.js';

/**
 * Every documented system, by its id: the modules of this folder that export a `profile`. So another profile is one
 * more file here, and no list has to know of it. A module here must not import this one, which waits for it (0011).
 */
const profiles: ReadonlyMap<string, Profile> = await loadProfiles();

/** Of applications that name none. */
export const DEFAULT_PROFILE_ID = 'standard';
/** The default first, then by name. */
export const profileIds: readonly string[] = [DEFAULT_PROFILE_ID, ...otherIds()];

/** @throws Error when no such profile exists: ids that reach this were validated when they came in. */
export function profileById(id: string): Profile {
  const profile = profiles.get(id);
  if (!profile) throw new Error(`there is no profile "${id}"`);
  return profile;
}

async function loadProfiles(): Promise<Map<string, Profile>> {
  const here = fileURLToPath(import.meta.url);
  // Compiled or, in tests, as written: never a declaration or a source map.
  const modules = readdirSync(new URL('.', import.meta.url)).filter(
    (file) =>
      extname(file) === extname(here) &&
      !file.endsWith('.d.ts') &&
      // What editors and file systems put beside a file is none of ours.
      !file.startsWith('.') &&
      file !== basename(here),
  );
  const found = new Map<string, Profile>();
  for (const file of modules) {
    const { profile } = (await import(new URL(file, import.meta.url).href)) as { profile?: Profile };
    if (!profile) continue;
    if (found.has(profile.id)) throw new Error(`two profiles are called "${profile.id}"`);
    found.set(profile.id, profile);
  }
  return found;
}

function otherIds(): string[] {
  return [...profiles.keys()].filter((id) => id !== DEFAULT_PROFILE_ID).sort();
}
