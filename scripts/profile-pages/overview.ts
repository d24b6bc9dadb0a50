import { profileById, profileIds } from '../../src/profiles/index.js';
import type { Profile } from '../../src/profiles/profile.js';
import { exampleOf } from './example.js';
import { attempts, documentedIn, eventTypes } from './facts.js';
import { code, duration, table } from '../docs/markdown.js';

/** The profiles that want a page: what has no document has no readings to state. */
export const documentedProfiles: readonly Profile[] = profileIds
  .map(profileById)
  .filter(({ sources }) => sources.length > 0);

/** The generated parts of the index, by the names of their markers. */
export const partsOfTheIndex: Readonly<Record<string, () => string>> = {
  systems: () =>
    table(
      ['profile', 'system', 'documented in', 'event types', 'attempts', 'time limit'],
      documentedProfiles.map((profile) => [
        `[${code(profile.id)}](${profile.id}.md)`,
        profile.title,
        documentedIn(profile),
        eventTypes(profile),
        attempts(profile),
        duration(profile.timeLimitMs),
      ]),
    ),
  requests: () =>
    table(
      ['profile', 'body', 'headers'],
      documentedProfiles.map((profile) => {
        const { envelope, headers } = exampleOf(profile);
        return [code(profile.id), codes(envelope), codes(headers)];
      }),
    ),
};

function codes(keyed: Readonly<Record<string, unknown>>): string {
  return Object.keys(keyed).map(code).join(', ');
}
