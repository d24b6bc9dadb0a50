import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openTab, startBrowser } from '../support/browser.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Every page as people see it: accessible, within the width of a telephone, and without a word in the console. */

const posthorn = sharedPosthorn();
const { api } = posthorn;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What would run if a page made HTML, an attribute or an address of it. */
const MARKUP = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "'-alert(4)-'",
  'javascript:alert(5)',
  '<iframe srcdoc="<script>alert(6)</script>">',
  '{{7*7}}${alert(7)}',
  '</textarea><a href="javascript:alert(8)">x</a>',
];

let browser: Browser;
let paths: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  if (browserPath === null) return;
  browser = await startBrowser();
  const [receiver, failing] = [await Receiver.start(), await Receiver.start()];
  failing.answerAlways((response) => void response.writeHead(500).end(MARKUP.join('\n')));
  const { app } = await api.createApp('standard', { name: MARKUP.join(' ').slice(0, 200) });
  const path = `/v1/apps/${app.id}`;
  await api.expect(201, 'POST', `${path}/event-types`, { name: 'order.paid', description: MARKUP.join(' ') });
  await api.createWebhook(app.id, { url: receiver.url, description: MARKUP[0] });
  const endpoint = await api.createWebhook(app.id, {
    url: `${failing.url}?q=${encodeURIComponent(MARKUP.join(''))}`,
    description: MARKUP.join(' ').slice(0, 200),
    metadata: Object.fromEntries(MARKUP.map((text, index) => [`m${index}`, text])),
  });
  const event = await api.submit(app.id, { event_type: 'order.paid', data: { text: MARKUP } });
  await api.eventWhen(app.id, event.id, ({ deliveries }) =>
    deliveries.some(({ next_attempt_at }) => next_attempt_at !== null),
  );
  const at = `/dashboard/apps/${app.id}`;
  paths = {
    applications: '/dashboard/apps',
    overview: at,
    endpoints: `${at}/endpoints`,
    'add endpoint': `${at}/endpoints/new`,
    endpoint: `${at}/endpoints/${endpoint.id}`,
    health: `${at}/endpoints/${endpoint.id}/health`,
    settings: `${at}/endpoints/${endpoint.id}/settings`,
    'verify of an endpoint': `${at}/endpoints/${endpoint.id}/verify`,
    recoveries: `${at}/endpoints/${endpoint.id}/recoveries`,
    events: `${at}/events`,
    event: `${at}/events/${event.id}`,
    deliveries: `${at}/deliveries`,
    'event types': `${at}/event-types`,
    keys: `${at}/keys`,
    'settings of the application': `${at}/settings`,
    system: '/dashboard/system',
    verify: `${at}/verify`,
  };
}, 60_000);

async function violationsOn(page: Page): Promise<string[]> {
  // The page's policy lets nobody add a script to it; the debugger may run one.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await checker.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

/** What stands out of a page that scrolls sideways. */
function tooWideOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    document.documentElement.scrollWidth <= innerWidth ? [] :
      [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth)
        .map((element) => 'too wide: ' + element.outerHTML.slice(0, 100))
  `);
}

const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

describe.skipIf(browserPath === null).each(LOOKS)('$colorScheme, $viewport.width px wide', (look) => {
  it('every page', { timeout: 120_000 }, async () => {
    const { page, complaints } = await openTab(browser, look);
    const { url } = await api.expect<{ url: string }>(201, 'POST', '/v1/dashboard-links', {
      path: '/dashboard/apps',
    });
    await page.goto(url);
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    const found: Record<string, unknown> = {};
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(api.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // What is still loaded says so.
      await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0);
      const problems = [...(await violationsOn(page)), ...(await tooWideOn(page))];
      if (problems.length > 0) found[name] = problems;
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(browserPath === null)('the files', () => {
  it('are served under a policy that runs nothing but them, compressed, and for ever where their names say what they are', async () => {
    const page = await fetch(`${api.url}/dashboard/apps/some/deep/link`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const html = await page.text();
    const [, script = ''] = /src="(\/dashboard\/assets\/[^"]+\.js)"/.exec(html) ?? [];
    const file = await fetch(api.url + script, { headers: { 'accept-encoding': 'br' } });
    expect(file.headers.get('content-encoding')).toBe('br');
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('are not what else is in the package, and are read only', async () => {
    for (const path of ['/dashboard/../cli.js', '/dashboard/%2e%2e/cli.js', '/dashboard/..%2fcli.js']) {
      const answer = await fetch(api.url + path);
      expect(await answer.text()).not.toContain('#!/usr/bin/env node');
    }
    expect((await fetch(`${api.url}/dashboard/apps`, { method: 'POST' })).status).toBe(404);
  });
});
