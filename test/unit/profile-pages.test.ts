import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { markersOf, regenerated } from '../../scripts/docs/page.js';
import { exampleOf } from '../../scripts/profile-pages/example.js';
import { documentedProfiles } from '../../scripts/profile-pages/overview.js';
import { pages } from '../../scripts/profile-pages/page.js';

/** The pages in docs/profiles/ say what the profiles do, and their receivers accept what is sent. */

describe.each([...pages])('docs/profiles/%s.md', (name, page) => {
  it('is there', () => {
    const mend = 'Write it as the pages beside it are written, its markers empty; `npm run docs` fills them.';
    expect(existsSync(page.path), `docs/profiles/${name}.md is missing. ${mend}`).toBe(true);
  });

  it('has a marker for each generated part', () => {
    const markers = markersOf(readFileSync(page.path, 'utf8'));
    expect(markers.sort()).toEqual([...page.parts.keys()].sort());
  });

  it('has generated parts that are what the profiles give now', async () => {
    const text = await regenerated(page, readFileSync(page.path, 'utf8'));
    const mend = '`npm run docs` writes its generated parts anew.';
    await expect(text, `docs/profiles/${name}.md differs. ${mend}`).toMatchFileSnapshot(page.path);
  });
});

/** What every page's snippet exports. `headers` have lower-case names, as Node gives them. */
type Verify = (
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  secret: string,
  now?: number,
) => boolean;

describe.each(documentedProfiles)('the receiver on the page of $id', (profile) => {
  const { id } = profile;
  const { headers, body, secret, timestamp } = exampleOf(profile);
  const received = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );

  async function snippet(): Promise<Verify> {
    const text = readFileSync(pages.get(id)?.path ?? '', 'utf8');
    const [, source] = /```js\n([^]*?)```/.exec(text) ?? [];
    if (!source) throw new Error(`docs/profiles/${id}.md has no \`\`\`js block that verifies a signature`);
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as { verify: Verify };
    return module.verify;
  }

  it('accepts the page’s example', async () => {
    const verify = await snippet();
    expect(verify(received, body, secret, timestamp)).toBe(true);
  });

  it('refuses another body, another secret, and a request without the headers', async () => {
    const verify = await snippet();
    expect(verify(received, Buffer.from(`${body.toString()} `), secret, timestamp)).toBe(false);
    expect(verify(received, body, secret.replace('whsec_', 'whsec_AAAA'), timestamp)).toBe(false);
    expect(verify({}, body, secret, timestamp)).toBe(false);
  });

  it('refuses an old request, if the time is signed', async () => {
    const verify = await snippet();
    const later = exampleOf(profile, 60).headers;
    const timeIsSigned = JSON.stringify(later) !== JSON.stringify(headers);
    expect(verify(received, body, secret, timestamp + 3_600)).toBe(!timeIsSigned);
  });
});
