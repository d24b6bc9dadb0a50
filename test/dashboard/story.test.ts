import { beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Locator, Page } from 'playwright-core';
import { browserPath, openTab, startBrowser } from '../support/browser.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What people do with the dashboard, in a browser, against a real Posthorn. */

const posthorn = sharedPosthorn();
const { api } = posthorn;
const PATIENCE_MS = 15_000;

let browser: Browser;
beforeAll(async () => {
  if (browserPath !== null) browser = await startBrowser();
});

const shown = (locator: Locator) => locator.waitFor({ timeout: PATIENCE_MS });
const button = (at: Page | Locator, name: string) => at.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 });

async function signedIn(app: string, page: Page): Promise<void> {
  const body = { app_id: app, path: `/dashboard/apps/${app}/endpoints` };
  const { url } = await api.expect<{ url: string }>(201, 'POST', '/v1/dashboard-links', body);
  await page.goto(url);
  await shown(heading(page, 'Endpoints'));
  // The token is in no address that somebody could copy.
  expect(page.url()).toBe(`${api.url}/dashboard/apps/${app}/endpoints`);
}

/** How a person works it: with the mouse, or with the keyboard alone. */
interface Hand {
  readonly press: (locator: Locator) => Promise<void>;
  readonly write: (locator: Locator, text: string) => Promise<void>;
}

const mouse: Hand = {
  press: (locator) => locator.click({ timeout: PATIENCE_MS }),
  write: (locator, text) => locator.fill(text, { timeout: PATIENCE_MS }),
};

/** Goes by Tab until it is there, as somebody without a mouse does. */
async function tabTo(locator: Locator): Promise<void> {
  await shown(locator);
  const page = locator.page();
  const focused = locator.and(page.locator(':focus'));
  for (let steps = 0; (await focused.count()) === 0; steps += 1) {
    if (steps > 200) throw new Error(`Tab does not lead to ${locator.toString()}.`);
    await page.keyboard.press('Tab');
  }
}

const keyboard: Hand = {
  async press(locator) {
    await tabTo(locator);
    const isBox = (await locator.getAttribute('type')) === 'checkbox';
    await locator.page().keyboard.press(isBox ? 'Space' : 'Enter');
  },
  async write(locator, text) {
    await tabTo(locator);
    await locator.page().keyboard.type(text);
  },
};

describe.skipIf(browserPath === null)('the dashboard', () => {
  it.each([
    ['mouse', mouse],
    ['keyboard', keyboard],
  ] as const)(
    'by %s: an endpoint is added and tested, fails, is retried, is mended, and delivers',
    async (_name, { press, write }) => {
      const receiver = await Receiver.start();
      const { app } = await api.createApp();
      await api.expect(201, 'POST', `/v1/apps/${app.id}/event-types`, { name: 'order.paid' });
      const { page, complaints } = await openTab(browser, {
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      await signedIn(app.id, page);

      await press(page.getByRole('link', { name: 'Add endpoint', exact: true }).first());
      await shown(heading(page, 'Add endpoint'));
      await write(page.getByRole('textbox', { name: 'Endpoint URL', exact: true }), receiver.url);
      const events = page.getByRole('group', { name: 'Events', exact: true });
      await press(events.getByRole('checkbox', { name: 'All events', exact: true }));
      await press(events.getByRole('checkbox', { name: 'order.paid', exact: true }));
      await press(button(page, 'Check endpoint'));
      await shown(page.getByRole('list', { name: 'Endpoint checks', exact: true }));
      await press(button(page, 'Add endpoint'));
      await shown(heading(page, receiver.url));
      const state = page.getByRole('status', { name: 'Endpoint state', exact: true });
      await shown(state.getByText('Active'));

      await press(button(page, 'Show signing secret'));
      const secret = page.getByRole('textbox', { name: 'Signing secret', exact: true });
      await expect.poll(() => secret.inputValue()).toMatch(/^whsec_/);
      await press(button(page, 'Copy signing secret'));
      const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
      await expect.poll(copied).toBe(await secret.inputValue());

      await press(button(page, 'Send test event'));
      const test = page.getByRole('region', { name: 'Test event', exact: true });
      await shown(test.getByRole('status').getByText(/Delivered: 200 in \d+ ms/));
      expect(receiver.received).toHaveLength(1);

      receiver.answerAlways(500);
      const event = await api.submit(app.id, { event_type: 'order.paid', data: { order: 17 } });
      // Nobody has reloaded the page: it hears of it.
      await press(page.getByRole('link', { name: event.id, exact: true }));
      await shown(heading(page, event.id));
      const delivery = page.getByRole('region', { name: `Delivery to ${receiver.url}`, exact: true });
      await shown(delivery.getByRole('timer', { name: /^Next attempt in \d\d:\d\d/ }));
      const explained = await api.eventWhen(app.id, event.id, ({ deliveries: [first] }) =>
        Boolean(first?.next_attempt_at),
      );
      expect(explained.deliveries).toHaveLength(1);
      const why = delivery.getByRole('group', { name: 'Why', exact: true });
      await shown(why.getByText(/^Attempt \d+ of \d+ got 500 after/));

      const attempts = delivery.getByRole('list', { name: 'Attempts', exact: true });
      const before = receiver.received.length;
      await press(button(delivery, 'Retry now'));
      await receiver.gets(before + 1);
      await shown(attempts.getByText(`Attempt ${before}:`));

      receiver.answerAlways(200);
      await press(button(delivery, 'Resend'));
      await shown(why.getByText(/^Delivered at/));
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  it('signs in by a key, says which is not known, and out', async () => {
    const { app, key } = await api.createApp();
    const { page, complaints } = await openTab(browser);
    await page.goto(`${api.url}/dashboard`);
    await shown(heading(page, 'Sign in'));
    expect(complaints).toEqual([]);
    await page.getByLabel('Key', { exact: true }).fill('phk_wrong');
    await button(page, 'Sign in').click();
    await shown(page.getByRole('alert').getByText('That key is not known.'));
    // Chromium itself notes every answer that is an error.
    expect(complaints.filter((each) => !each.includes('status of 401'))).toEqual([]);
    await page.getByLabel('Key', { exact: true }).fill(key);
    await button(page, 'Sign in').click();
    await page.waitForURL(`**/dashboard/apps/${app.id}`);
    // A page that is opened anew knows who is signed in.
    await page.reload();
    await shown(page.getByRole('navigation', { name: 'Main', exact: true }));
    await button(page, 'Sign out').click();
    await shown(heading(page, 'Sign in'));
    expect(await page.context().cookies()).toEqual([]);
  });

  it('asks somebody who is signed in before a link signs them in as somebody else', async () => {
    const [own, other] = [await api.createApp(), await api.createApp()];
    const { page, complaints } = await openTab(browser);
    await signedIn(own.app.id, page);
    for (const [choice, at] of [
      ['Stay signed in', own],
      ['Sign in by the link', other],
    ] as const) {
      const body = { app_id: other.app.id };
      const { url } = await api.expect<{ url: string }>(201, 'POST', '/v1/dashboard-links', body);
      await page.goto('about:blank');
      await page.goto(url);
      const dialog = page.getByRole('dialog', { name: 'Sign in by this link?', exact: true });
      await button(dialog, choice).click();
      await dialog.waitFor({ state: 'detached' });
      await page.goto(`${api.url}/dashboard`);
      await page.waitForURL(`**/dashboard/apps/${at.app.id}`);
    }
    // Chromium itself notes that the other's application is not there.
    expect(complaints.filter((each) => !each.includes('status of 404'))).toEqual([]);
  });

  it('says that a link was used, also where the page is open already', async () => {
    const { page } = await openTab(browser);
    const { url } = await api.expect<{ url: string }>(201, 'POST', '/v1/dashboard-links', {});
    await page.goto(url);
    await shown(heading(page, 'Applications'));
    await button(page, 'Sign out').click();
    await shown(heading(page, 'Sign in'));
    // The same page: the address has another fragment, and nothing is loaded.
    await page.goto(url);
    await shown(page.getByText('A link signs in once, and for a short time. Ask for another one.'));
    expect(page.url()).not.toContain('once=');
  });

  it('in two tabs goes on changing things when somebody signs in again in one of them', async () => {
    const { app, key } = await api.createApp();
    const receiver = await Receiver.start();
    const endpoint = await api.createWebhook(app.id, { url: receiver.url });
    const { page } = await openTab(browser);
    await signedIn(app.id, page);
    await page.goto(`${api.url}/dashboard/apps/${app.id}/endpoints/${endpoint.id}`);
    await shown(button(page, 'Pause'));
    const other = await page.context().newPage();
    await other.goto(`${api.url}/dashboard/apps/${app.id}`);
    await button(other, 'Sign out').click();
    await other.getByLabel('Key', { exact: true }).fill(key);
    await button(other, 'Sign in').click();
    await other.waitForURL(`**/dashboard/apps/${app.id}`);
    await shown(other.getByRole('navigation', { name: 'Main', exact: true }));
    await button(page, 'Pause').click();
    await shown(button(page, 'Resume'));
    const { webhook } = await api.expect<{ webhook: { status: string } }>(
      200,
      'GET',
      `/v1/apps/${app.id}/webhooks/${endpoint.id}`,
    );
    expect(webhook.status).toBe('paused');
  });
});
