import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** A page under docs/ with the text of its generated parts, by the names of their markers. */
export interface Page {
  readonly path: string;
  readonly parts: ReadonlyMap<string, string>;
}

const PART = /<!-- generated: ([a-z-]+) -->[^]*?<!-- \/generated -->/g;

/** @param name the page's path under docs/, without `.md` */
export function pageOf(name: string, parts: Iterable<readonly [string, string]>): Page {
  return { path: fileURLToPath(new URL(`../../docs/${name}.md`, import.meta.url)), parts: new Map(parts) };
}

/** The page as it is now. */
export function read({ path }: Page): string {
  return readFileSync(path, 'utf8');
}

/** The names of the parts that `text` has markers for, in its order. */
export function markersOf(text: string): string[] {
  return [...text.matchAll(PART)].flatMap(([, name]) => name ?? []);
}

/** `text` with its generated parts written anew, in Prettier's format. */
export async function regenerated({ path, parts }: Page, text: string): Promise<string> {
  const written = text.replaceAll(PART, (before, name: string) => {
    const part = parts.get(name);
    return part === undefined ? before : `<!-- generated: ${name} -->\n\n${part}\n\n<!-- /generated -->`;
  });
  return format(written, { ...(await resolveConfig(path)), parser: 'markdown' });
}
