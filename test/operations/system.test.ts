import { expect, it } from 'vitest';
import { profileIds } from '../../src/profiles/index.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What an operator asks of an installation, and the public facts of its profiles. */

const { api } = sharedPosthorn({ temporalUiUrl: 'http://127.0.0.1:8233' });

interface System {
  ok: boolean;
  temporal_ui_url: string | null;
  checks: { name: string; verdict: string; text: string; remedy: string | null }[];
}

it('says of each part whether it works, and what to do where it does not', async () => {
  const { ok, temporal_ui_url, checks } = await api.expect<System>(200, 'GET', '/v1/system');
  expect({ ok, temporal_ui_url }).toEqual({ ok: true, temporal_ui_url: 'http://127.0.0.1:8233' });
  expect(checks.map(({ name }) => name)).toEqual([
    'version',
    'postgresql',
    'schema',
    'clock',
    'partitions',
    'endpoints',
    'temporal',
    'namespace',
    'workers',
    'backlog',
    'temporal_ui',
    'targets',
  ]);
  for (const { verdict, text, remedy } of checks) {
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(remedy === null).toBe(verdict === 'ok');
  }
});

it('is for the administrator alone', async () => {
  const { key } = await api.createApp();
  expect((await api.with(key).call('GET', '/v1/system')).status).toBe(403);
  expect((await api.call('GET', '/v1/system', { key: null })).status).toBe(401);
});

it('lists the profiles to everybody who has a key', async () => {
  const { key } = await api.createApp();
  for (const caller of [api, api.with(key)]) {
    const { profiles } = await caller.expect<{ profiles: { id: string; schedule: object }[] }>(
      200,
      'GET',
      '/v1/profiles',
    );
    expect(profiles.map(({ id }) => id)).toEqual(profileIds);
    expect(profiles.find(({ id }) => id === 'scute')).toMatchObject({
      final_statuses: [{ from: 400, to: 499 }],
      time_limit_ms: 10_000,
      schedule: { default_retries: 3, follows_retry_after: false },
    });
  }
  expect((await api.call('GET', '/v1/profiles', { key: null })).status).toBe(401);
});
