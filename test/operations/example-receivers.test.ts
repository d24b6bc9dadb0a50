import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../support/free-port.js';
import { SECRET, signedRequest } from '../support/signed-requests.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLES = readdirSync(`${ROOT}examples/receivers`);

it('there are four, in at most 25 lines each', () => {
  expect(EXAMPLES).toEqual(['express.js', 'fastify.js', 'hono.js', 'node.js']);
  for (const name of EXAMPLES) {
    const lines = readFileSync(`${ROOT}examples/receivers/${name}`, 'utf8').trimEnd().split('\n');
    expect(lines.length, name).toBeLessThanOrEqual(25);
  }
});

describe.each(EXAMPLES)('examples/receivers/%s', (name) => {
  let url = '';
  let printed = '';

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/hooks`;
    const child = spawn(process.execPath, [`examples/receivers/${name}`], {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: SECRET },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    stopAfterwards(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    child.stdout.on('data', (chunk) => (printed += String(chunk)));
    await vi.waitFor(() => fetch(url), { timeout: 20_000 });
  });

  const now = () => Math.floor(Date.now() / 1000);
  const signed = (timestamp = now()) => signedRequest('standard', { timestamp, type: 'order.paid' });

  async function answerTo({ body, headers }: { body: string; headers: Readonly<Record<string, string>> }) {
    const type = { 'Content-Type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } });
    return [answer.status, await answer.text()];
  }

  it('accepts what Posthorn signs, and gives the event', async () => {
    expect(await answerTo(signed())).toEqual([204, '']);
    await expect.poll(() => printed).toMatch(/^msg_\S+ order\.paid \{ name: 'Zoë ☃', path: 'a\/b' \}$/m);
  });

  it('refuses a request that was changed', async () => {
    const request = signed();
    expect(await answerTo({ ...request, body: `${request.body} ` })).toEqual([401, 'signature_mismatch']);
  });

  it('refuses an old one', async () => {
    expect(await answerTo(signed(now() - 600))).toEqual([401, 'timestamp_too_old']);
  });

  it('refuses one without a signature, and one without a body', async () => {
    expect(await answerTo({ body: '{}', headers: {} })).toEqual([400, 'header_missing']);
    expect(await answerTo({ body: '', headers: {} })).toEqual([400, 'header_missing']);
  });

  it('reads no more than a megabyte', async () => {
    const [status] = await answerTo({ body: 'x'.repeat(1024 * 1024 + 1), headers: {} });
    expect(status).toBe(413);
  });
});
