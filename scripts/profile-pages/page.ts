import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { documentedProfiles, partsOfTheIndex } from './overview.js';
import { partsOfAPage } from './parts.js';

/** One page under docs/profiles/, and what its generated parts are to hold. */
export interface Page {
  readonly path: string;
  readonly parts: ReadonlyMap<string, string>;
}

const PART = /<!-- generated: ([a-z-]+) -->[^]*?<!-- \/generated -->/g;
const pathOf = (name: string) => fileURLToPath(new URL(`../../docs/profiles/${name}.md`, import.meta.url));

/** The index, and one page for every documented profile. */
export const pages: ReadonlyMap<string, Page> = new Map([
  ['README', { path: pathOf('README'), parts: made(partsOfTheIndex, undefined) }],
  ...documentedProfiles.map(
    (profile) => [profile.id, { path: pathOf(profile.id), parts: made(partsOfAPage, profile) }] as const,
  ),
]);

/** The names of the parts that `text` has markers for, in its order. */
export function markersOf(text: string): string[] {
  return [...text.matchAll(PART)].flatMap(([, name]) => name ?? []);
}

/** `text` with its generated parts written anew, as Prettier lays it out. */
export async function regenerated({ path, parts }: Page, text: string): Promise<string> {
  const written = text.replaceAll(PART, (before, name: string) => {
    const part = parts.get(name);
    return part === undefined ? before : `<!-- generated: ${name} -->\n\n${part}\n\n<!-- /generated -->`;
  });
  return format(written, { ...(await resolveConfig(path)), parser: 'markdown' });
}

function made<T>(parts: Readonly<Record<string, (of: T) => string>>, of: T): ReadonlyMap<string, string> {
  return new Map(Object.entries(parts).map(([name, make]) => [name, make(of)]));
}
