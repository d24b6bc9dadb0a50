import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { gzipBomb, HOSTILE, startRawReceiver, type RawReply } from '../support/hostile.js';

const CHILD = fileURLToPath(new URL('../support/memory-of-posts.mjs', import.meta.url));
const MEGABYTE = 1_048_576;

/** What the dearest of ten POSTs cost a process that does nothing else, in bytes. */
async function costAt(url: string): Promise<{ heap: number; rss: number; answers: string[] }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', CHILD, url]);
  return JSON.parse(stdout) as { heap: number; rss: number; answers: string[] };
}

const bomb = gzipBomb();
const RECEIVERS: Readonly<Record<string, readonly [RawReply, string]>> = {
  'a body of 10 GB': [HOSTILE['sends a body for ever'], 'answered 200'],
  'a body that would be 10 GB when decompressed': [
    (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    },
    'answered 200',
  ],
  'headers without an end': [HOSTILE['sends headers for ever'], 'answered 200'],
  'interim answers without an end': [HOSTILE['sends interim answers for ever'], 'unanswered invalid_answer'],
  'chunk extensions without an end': [HOSTILE['sends chunk extensions for ever'], 'answered 200'],
};

describe('a POST costs less than 5 MB of memory when it is answered with', () => {
  it.each(Object.entries(RECEIVERS))('%s', async (_what, [reply, wanted]) => {
    const receiver = await startRawReceiver(reply);
    const { heap, rss, answers } = await costAt(receiver.url);
    expect(answers).toEqual(Array.from({ length: 10 }, () => wanted));
    expect(heap).toBeLessThan(5 * MEGABYTE);
    // The process as a whole: what its allocators keep for later is no cost of one POST.
    expect(rss).toBeLessThan(30 * MEGABYTE);
  });
});
