import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withTimeout } from '../../src/lib/timeout.js';
import { freePort } from '../support/free-port.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/**
 * The commands of the documents run as they stand there: the blocks of a page in one shell, in an empty folder. A block
 * `text` after them is what the block before it prints, with `…` for what is another each time.
 */

const posthorn = sharedPosthorn();
const PAGES = ['first-event', 'sending', 'endpoints'];

interface Block {
  readonly kind: string;
  readonly note: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}.md`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```(\w+)(.*)\n([^]*?)^```$/gm)].map(([, kind = '', note = '', body = '']) => ({
    kind,
    note: note.trim(),
    text: body,
  }));
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const expected = (text: string) => new RegExp(`^${text.trim().split('…').map(escaped).join('.*')}$`, 'm');

describe.each(PAGES)('docs/%s.md', (page) => {
  const blocks = blocksOf(page);
  const runnable = blocks.filter(({ kind, note }) => kind === 'sh' && !note.startsWith('no-run:'));

  it('says of every block that does not run why', () => {
    const skipped = blocks.filter((block) => block.kind === 'sh' && !runnable.includes(block));
    for (const { note } of skipped) expect(note).toMatch(/^no-run: \S/);
    expect(blocks.map(({ kind }) => kind).filter((kind) => kind !== 'sh' && kind !== 'text')).toEqual([]);
  });

  it('has commands that work, and print what it says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-docs-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    // The pages have a fixed port, which may be taken here.
    const port = String(await freePort());
    const marked = runnable
      .map(({ text }, n) => `printf '\\n== block ${n}\\n'\n${text.replaceAll(/\b4000\b/g, port)}`)
      .join('\n');
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', marked], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        POSTHORN_URL: posthorn.api.url,
        POSTHORN_ADMIN_KEY: posthorn.adminKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // What a page starts in the background ends with it.
      detached: true,
    });
    const endAll = () => {
      try {
        process.kill(-(shell.pid ?? NaN), 'SIGKILL');
      } catch {
        // Nothing of it runs any more.
      }
    };
    onTestFinished(endAll);
    const closed = once(shell, 'close');
    const output: string[] = [];
    shell.stdout.on('data', (bytes: Buffer) => output.push(bytes.toString()));
    shell.stderr.on('data', (bytes: Buffer) => output.push(bytes.toString()));
    // A page that waits for what does not come has printed how far it came.
    const stillRuns = new Error('The page still runs after 150 s.');
    const [code] = await withTimeout(150_000, once(shell, 'exit'), () => stillRuns).catch((error: Error) => [
      error.message,
    ]);
    // What still runs would keep its output open.
    endAll();
    await closed;
    const printed = output.join('');
    expect(code, printed).toBe(0);
    const parts = printed.split(/^== block \d+$/m).slice(1);
    for (const [index, block] of blocks.entries()) {
      if (block.kind !== 'text') continue;
      const before = blocks.slice(0, index).findLast((each) => runnable.includes(each));
      const part = before && parts[runnable.indexOf(before)];
      expect(part).toMatch(expected(block.text));
    }
  }, 180_000);
});
