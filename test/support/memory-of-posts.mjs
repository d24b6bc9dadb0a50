/**
 * What one POST at a time costs this process in memory, at its highest, over what it had before: run with
 * `--expose-gc` and a receiver's URL. Prints `{heap, rss}` in bytes as JSON, the most of ten POSTs.
 */
import { Buffer } from 'node:buffer';
import { argv, memoryUsage, stdout } from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { createAddressGuard } from '../../dist/delivery/address-guard.js';
import { createPost } from '../../dist/delivery/post.js';

const TIME_LIMIT_MS = 1_000;
const body = Buffer.from('{}');
const { post, close } = createPost(createAddressGuard(['127.0.0.0/8']));
const send = () => post({ url: argv[2], headers: {}, body, confidential: [], timeLimitMs: TIME_LIMIT_MS });

function used() {
  const { heapUsed, external, arrayBuffers, rss } = memoryUsage();
  return { heap: heapUsed + external + arrayBuffers, rss };
}

async function costOfOne() {
  globalThis.gc();
  const before = used();
  const peak = { ...before };
  const look = () => {
    const now = used();
    peak.heap = Math.max(peak.heap, now.heap);
    peak.rss = Math.max(peak.rss, now.rss);
  };
  const timer = setInterval(look, 1);
  const answer = await send();
  look();
  clearInterval(timer);
  return { heap: peak.heap - before.heap, rss: peak.rss - before.rss, answer };
}

for (let n = 0; n < 10; n += 1) await send();
const costs = [];
for (let n = 0; n < 10; n += 1) costs.push(await costOfOne());
await close();
stdout.write(
  JSON.stringify({
    heap: Math.max(...costs.map(({ heap }) => heap)),
    rss: Math.max(...costs.map(({ rss }) => rss)),
    answers: costs.map(({ answer: { kind, statusCode, code } }) => [kind, statusCode ?? code].join(' ')),
  }),
);
