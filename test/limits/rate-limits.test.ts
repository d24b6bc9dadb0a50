import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ApiClient, ProblemBody } from '../support/api-client.js';
import { newApiKey } from '../../src/api/access/auth.js';
import { startTestPosthorn } from '../support/test-posthorn.js';

const statusesOf = async (calls: readonly Promise<{ status: number }>[]) =>
  (await Promise.all(calls)).map(({ status }) => status);
const times = <T>(count: number, call: (n: number) => T) => Array.from({ length: count }, (_, n) => call(n));
const countOf = (statuses: readonly number[], wanted: number) =>
  statuses.filter((status) => status === wanted).length;

describe('requests', () => {
  it('of one key beyond the limit are told when to come again; other keys are served', async () => {
    const { api } = await startTestPosthorn({ requestsPerSecond: 20 });
    const [one, two] = [await api.createApp(), await api.createApp()];
    const get = ({ app, key }: typeof one) => api.call('GET', `/v1/apps/${app.id}`, { key });
    // Ten seconds' worth, sent within less.
    const answers = await Promise.all(times(200, () => get(one)));
    const statuses = answers.map(({ status }) => status);
    const served = countOf(statuses, 200);
    expect(served).toBeGreaterThanOrEqual(20);
    expect(countOf(statuses, 429)).toBe(200 - served);
    expect(answers.find(({ status }) => status === 429)).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { code: 'too_many_requests' },
    });
    expect(await get(two)).toMatchObject({ status: 200 });
    await expect.poll(async () => (await get(one)).status).toBe(200);
  });

  it('are not limited by 0', async () => {
    const { api } = await startTestPosthorn({ requestsPerSecond: 0 });
    const { app } = await api.createApp();
    // No list: of these, a key may have few under way.
    const statuses = await statusesOf(times(1_500, () => api.call('GET', `/v1/apps/${app.id}`)));
    expect(countOf(statuses, 200)).toBe(1_500);
  });
});

describe('what a key has under way', () => {
  const BATCH_BYTES = 1_572_864;

  it('is bounded by its bytes, counted as they are announced or come; other keys are served', async () => {
    const { api } = await startTestPosthorn();
    const [one, two] = [await api.createApp(), await api.createApp()];
    const events = ({ app }: typeof one) => `/v1/apps/${app.id}/events`;
    const body = { event_type: 'a', data: 1 };
    const submit = (to: typeof one) => api.call<ProblemBody>('POST', events(to), { key: to.key, body });
    const pending: ClientRequest[] = [];
    /** Begins a batch, and sends nothing of its body. */
    const begin = ({ app, key }: typeof one) => {
      const begun = request(`${api.url}/v1/apps/${app.id}/events/batch`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'content-length': BATCH_BYTES,
        },
      });
      begun.on('error', () => undefined);
      begun.flushHeaders();
      pending.push(begun);
      return begun;
    };
    times(10, () => begin(one));
    // Small ones fit in beside them; another batch does not.
    expect(await submit(one)).toMatchObject({ status: 202 });
    await expect
      .poll(async () => {
        const [response] = (await once(begin(one), 'response', { signal: AbortSignal.timeout(500) })) as [
          IncomingMessage,
        ];
        return [response.statusCode, response.headers['retry-after']];
      })
      .toEqual([429, '1']);
    expect(await submit(two)).toMatchObject({ status: 202 });
    for (const each of pending) each.destroy();
    const batch = { key: one.key, body: JSON.stringify({ events: [body] }).padEnd(BATCH_BYTES) };
    await expect.poll(async () => (await api.call('POST', `${events(one)}/batch`, batch)).status).toBe(202);
  });
});

describe('wrong keys', () => {
  const wrong = (api: ApiClient, headers = {}) =>
    api.call<ProblemBody>('GET', '/v1/apps', { key: newApiKey().key, headers });

  it('from one address are refused from the 61st on, for the rest of a minute; right ones are served', async () => {
    const { api } = await startTestPosthorn({ failedAuthenticationsPerMinute: 60 });
    const { app, key } = await api.createApp();
    expect(countOf(await statusesOf(times(60, () => wrong(api))), 401)).toBe(60);
    const refused = await wrong(api);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(await api.call('GET', `/v1/apps/${app.id}`, { key })).toMatchObject({ status: 200 });
    expect(await api.call('GET', '/v1/apps')).toMatchObject({ status: 200 });
    // No key at all is no guess.
    expect(await api.call('GET', '/v1/apps', { key: null })).toMatchObject({ status: 401 });
  });

  it('are counted by what a trusted proxy says, IPv6 by networks, and by nothing that others say', async () => {
    const { api } = await startTestPosthorn({
      failedAuthenticationsPerMinute: 1,
      trustedProxies: ['127.0.0.1/32'],
    });
    const from = async (address: string) => (await wrong(api, { 'X-Forwarded-For': address })).status;
    expect(await from('192.0.2.1')).toBe(401);
    expect(await from('192.0.2.1')).toBe(429);
    expect(await from('::ffff:192.0.2.1')).toBe(429);
    expect(await from('192.0.2.2')).toBe(401);
    expect(await from('2001:db8:1:2::1')).toBe(401);
    expect(await from('2001:db8:1:2:ffff::9')).toBe(429);
    expect(await from('2001:db8:1:3::1')).toBe(401);
    expect(await from('192.0.2.1:51234')).toBe(429);
    expect(await from('[2001:db8:1:2::7]:51234')).toBe(429);
    expect(await from('unknown')).toBe(401);
    expect(await from('_hidden')).toBe(429);
    // What the client claims stands before what the proxy saw.
    expect(await from('198.51.100.1, 192.0.2.2')).toBe(429);

    const trustsNobody = await startTestPosthorn({ failedAuthenticationsPerMinute: 1 });
    const fromAnyone = async (address: string) =>
      (await wrong(trustsNobody.api, { 'X-Forwarded-For': address })).status;
    expect(countOf([await fromAnyone('192.0.2.1'), await fromAnyone('192.0.2.2')], 429)).toBe(1);
  });
});
