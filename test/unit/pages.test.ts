import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { markersOf, read, regenerated } from '../../scripts/docs/page.js';
import { pagesOf } from '../../scripts/docs/pages.js';
import { DELIVERY_REASONS, DELIVERY_STATUSES, DELIVERY_TRIGGERS } from '../../src/domain/delivery.js';
import { ATTEMPT_ERROR_CODES } from '../../src/domain/attempt.js';
import { EXPLANATION_CODES } from '../../src/explanation/explanation.js';
import { CONFLICTS } from '../../src/api/http/problem.js';
import { allRoutes } from '../support/routes.js';

/** The pages in docs/ say what the code says, and the README leads to all of them. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README_MAX_BYTES = 8_000;

const textOf = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

describe.each(pagesOf(allRoutes))('docs/%s.md', (name, page) => {
  it('has a marker for each generated part', () => {
    expect(markersOf(read(page)).sort()).toEqual([...page.parts.keys()].sort());
  });

  it('has generated parts that are what the code gives now', async () => {
    const text = await regenerated(page, read(page));
    const mend = '`npm run docs` writes its generated parts anew.';
    await expect(text, `docs/${name}.md differs. ${mend}`).toMatchFileSnapshot(page.path);
  });
});

describe('docs/api.md', () => {
  it('has every code of a problem in its table of errors', () => {
    const source = textOf('src/api/http/problem.ts');
    const others = [...source.matchAll(/(?:Problem|invalid)\(\s*\d+,\s*'(\w+)'/g)].map(([, code]) => code);
    const codes = new Set([...CONFLICTS, ...others]);
    const table = textOf('docs/api.md');
    expect([...codes].filter((code) => !table.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('docs/delivery.md', () => {
  it.each([...DELIVERY_STATUSES, ...DELIVERY_REASONS, ...DELIVERY_TRIGGERS])('names `%s`', (value) => {
    expect(textOf('docs/delivery.md')).toContain(`\`${value}\``);
  });
});

describe('docs/troubleshooting.md', () => {
  it.each([...EXPLANATION_CODES, ...ATTEMPT_ERROR_CODES])('has a section for `%s`', (code) => {
    expect(anchorsOf(textOf('docs/troubleshooting.md'))).toContain(code);
  });
});

describe('README.md', () => {
  it(`has at most ${README_MAX_BYTES} bytes`, () => {
    expect(Buffer.byteLength(textOf('README.md'))).toBeLessThanOrEqual(README_MAX_BYTES);
  });

  it.each(readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md')))('links to docs/%s', (name) => {
    expect(textOf('README.md')).toContain(`(docs/${name})`);
  });
});

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(DOCUMENTS)('the links of %s', (document) => {
  it('lead to files and headings that are there', () => {
    const links = [...textOf(document).matchAll(/(?<!!)\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path, anchor]) => {
      const target = new URL(path === '' ? document : (path ?? ''), `file:///${document}`).pathname.slice(1);
      return !leadsThere(path === '' ? document : target, anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

function leadsThere(path: string, anchor: string | undefined): boolean {
  try {
    return anchor === undefined ? existsAt(path) : anchorsOf(textOf(path)).includes(anchor);
  } catch {
    return false;
  }
}

function existsAt(path: string): boolean {
  return existsSync(`${ROOT}${path}`);
}
