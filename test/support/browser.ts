import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { stopAfterwards } from './stop-afterwards.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Chromium as the machine has it; null without. `.ci/run` installs it, and then tests must find it. */
export const browserPath = pathOf();

function pathOf(): string | null {
  const { PATH = '', POSTHORN_TESTS_NEED_BROWSER } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = places.find(isProgram) ?? null;
  if (found === null && POSTHORN_TESTS_NEED_BROWSER !== undefined) {
    throw new Error(`None of ${NAMES.join(', ')} is on PATH. Debian's package is chromium.`);
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: browserPath ?? '',
    // As root, as in most containers, it has no sandbox.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  stopAfterwards(() => browser.close());
  return browser;
}

export interface Tab {
  readonly page: Page;
  /** What a person who opens the console would find: messages, errors, violations of the policy, dialogs. */
  readonly complaints: readonly string[];
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  // What Chromium advises in `debug` is shown to nobody by default.
  page.on('console', (message) => {
    if (message.type() !== 'debug') complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, complaints };
}
