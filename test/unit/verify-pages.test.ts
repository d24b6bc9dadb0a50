import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { type Reason, VerificationError } from '../../src/verify/index.js';
import { optionsFor, OTHER_SECRET, SECRET, signedRequest } from '../support/signed-requests.js';

/** The snippets of the pages on `posthorn/verify` run, and print what the pages say. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILT = new URL('../../dist/verify/index.js', import.meta.url).href;

const textOf = (page: string) => readFileSync(`${ROOT}${page}`, 'utf8');

const blocksOf = (page: string, language: string) =>
  [...textOf(page).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );

interface Snippet {
  readonly page: string;
  /** What it exports, and what it has in it. */
  readonly name: string;
  readonly has?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a snippet exports by its name. */
async function snippet<T>({ page, name, has = name, environment = {} }: Snippet): Promise<T> {
  const source = blocksOf(page, 'js').find((text) => text.includes(has));
  if (source === undefined) throw new Error(`${page} has no snippet with ${has}`);
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
  const runnable = source.replaceAll(/'posthorn[/-]verify'/g, `'${BUILT}'`);
  const module = (await import(`data:text/javascript,${encodeURIComponent(runnable)}`)) as Record<string, T>;
  const exported = module[name];
  if (exported === undefined) throw new Error(`the snippet does not export ${name}`);
  return exported;
}

const now = () => signedRequest('standard', { timestamp: Math.floor(Date.now() / 1000) });

describe.each(['docs/verify.md', 'src/verify/README.md'])('the receiver of %s', (page) => {
  type Receive = (body: string, headers: object) => Promise<number>;

  it('accepts what is signed, and gives the status for what is not', async () => {
    const receive = await snippet<Receive>({
      page,
      name: 'receive',
      environment: { WEBHOOK_SECRET: SECRET },
    });
    vi.spyOn(console, 'log').mockReturnValueOnce();
    const { body, headers } = now();
    expect(await receive(body, headers)).toBe(204);
    expect(await receive(`${body} `, headers)).toBe(401);
    expect(await receive(body, {})).toBe(400);
  });
});

describe('docs/verify.md', () => {
  it('shows what explain says', async () => {
    type WhatIsWrong = (body: string, headers: object, options: object) => Promise<string[]>;
    const whatIsWrong = await snippet<WhatIsWrong>({ page: 'docs/verify.md', name: 'whatIsWrong' });
    const request = signedRequest('standard', { data: { order: 17 } });
    const options = optionsFor(request, { secret: `"${SECRET}"` });
    const said = await whatIsWrong(`${request.body}\n`, request.headers, options);
    const [shown = ''] = blocksOf('docs/verify.md', 'text');
    expect(`${said.join('\n')}\n`).toBe(shown);
  });

  it('has every reason of an error', () => {
    const reasons: readonly Reason[] = [
      'header_missing',
      'header_malformed',
      'signature_mismatch',
      'timestamp_too_old',
      'timestamp_too_new',
      'body_not_json',
      'secret_malformed',
    ];
    const rows = [...textOf('docs/verify.md').matchAll(/^\| `([a-z_]+)` +\| (\d{3}) /gm)];
    expect(rows.map(([, reason, status]) => [reason, Number(status)])).toEqual(
      reasons.map((reason) => [reason, new VerificationError(reason, '').status]),
    );
  });
});

it('docs/receiving.md: its receiver for a rotation takes either secret', async () => {
  type Receive = (body: string, headers: object) => Promise<object>;
  const receive = await snippet<Receive>({
    page: 'docs/receiving.md',
    name: 'receive',
    has: 'OLD_WEBHOOK_SECRET',
    environment: { WEBHOOK_SECRET: OTHER_SECRET, OLD_WEBHOOK_SECRET: SECRET },
  });
  const { body, headers } = now();
  expect(await receive(body, headers)).toMatchObject({ type: 'order.paid' });
});
