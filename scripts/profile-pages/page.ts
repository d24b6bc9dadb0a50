import { pageOf, type Page } from '../docs/page.js';
import { documentedProfiles, partsOfTheIndex } from './overview.js';
import { partsOfAPage } from './parts.js';

/** The index in docs/profiles/, and one page for every documented profile. */
export const pages: ReadonlyMap<string, Page> = new Map([
  ['README', pageOf('profiles/README', made(partsOfTheIndex, undefined))],
  ...documentedProfiles.map(
    (profile) => [profile.id, pageOf(`profiles/${profile.id}`, made(partsOfAPage, profile))] as const,
  ),
]);

function made<T>(parts: Readonly<Record<string, (of: T) => string>>, of: T): [string, string][] {
  return Object.entries(parts).map(([name, make]) => [name, make(of)]);
}
