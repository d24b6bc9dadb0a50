import { expect, it } from 'vitest';
import { request } from 'undici';
import { oneOfEverything } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { allRoutes, filled, nameOf } from '../support/routes.js';
import { StreamListener } from '../support/stream.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** The reference for people: one static page. */

const posthorn = sharedPosthorn();
const { api } = posthorn;

async function page() {
  const { statusCode, headers, body } = await request(`${api.url}/docs`);
  return { statusCode, headers, html: await body.text() };
}

it('shows every operation, without script and without anything that is loaded', async () => {
  const { statusCode, headers, html } = await page();
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(html).not.toMatch(/<script|<link|<img|\son\w+=|javascript:/i);
  expect(html).not.toMatch(/undefined|\[object/);
  for (const route of allRoutes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    expect(html, nameOf(route)).toContain(`<span class="method">${route.method}</span> ${path}</code></h2>`);
  }
  expect((await api.call('POST', '/docs', { key: null })).status).toBe(405);
});

it('has an example for every route that takes a body, which the route takes', async () => {
  for (const route of allRoutes.filter((each) => each.body !== undefined)) {
    expect(route.example, nameOf(route)).toBeDefined();
  }
  const { html } = await page();
  expect(html).toContain(
    '-d &#39;{&quot;event_type&quot;:&quot;order.paid&quot;,&quot;data&quot;:{&quot;order&quot;:17}}&#39;',
  );
});

it('has queries that work when they are sent', async () => {
  const { id, ids } = await oneOfEverything(api, await Receiver.start());
  const routes = allRoutes.filter((each) => each.exampleQuery !== undefined);
  expect(routes.map(nameOf)).toEqual(
    expect.arrayContaining(
      ['deliveries', 'stats', 'search', 'stream'].map((each) => `GET /v1/apps/:app_id/${each}`),
    ),
  );
  const { html } = await page();
  for (const route of routes) {
    const query = new URLSearchParams(route.exampleQuery).toString();
    for (const pair of query.split('&')) expect(html, nameOf(route)).toContain(pair);
    const path = `${filled(route.path, (collection) => (collection === 'apps' ? id : (ids[collection] ?? '')))}?${query}`;
    if (route.path.endsWith('/stream')) {
      const stream = await StreamListener.open(`${api.url}${path}`, posthorn.adminKey);
      expect(stream.status).toBe(200);
    } else {
      expect(await api.call('GET', path), nameOf(route)).toMatchObject({ status: 200 });
    }
  }
});

it('has examples that work when they are sent', async () => {
  const { app } = await api.createApp();
  const send = (method: string, path: string) => {
    const route = allRoutes.find((each) => nameOf(each) === `${method} ${path}`);
    return (ids: Record<string, string> = {}) =>
      api.call<Record<string, { id: string }>>(
        method,
        path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? app.id),
        { body: route?.example },
      );
  };
  expect(await send('POST', '/v1/apps')()).toMatchObject({ status: 201 });
  expect(await send('PATCH', '/v1/apps/:app_id')()).toMatchObject({ status: 200 });
  expect(await send('POST', '/v1/apps/:app_id/keys')()).toMatchObject({ status: 201 });
  expect(await send('POST', '/v1/apps/:app_id/event-types')()).toMatchObject({ status: 201 });
  const made = await send('POST', '/v1/apps/:app_id/webhooks')();
  expect(made.status).toBe(201);
  const ids = { id: made.body.webhook?.id ?? '' };
  expect(await send('PATCH', '/v1/apps/:app_id/webhooks/:id')(ids)).toMatchObject({ status: 200 });
  expect(await send('POST', '/v1/apps/:app_id/webhooks/:id/rotate-secret')(ids)).toMatchObject({
    status: 200,
  });
  expect(await send('POST', '/v1/apps/:app_id/webhooks/:id/recover/preview')(ids)).toMatchObject({
    status: 200,
  });
  expect(await send('POST', '/v1/apps/:app_id/webhooks/:id/recover')(ids)).toMatchObject({ status: 202 });
  await api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${ids.id}/pause`);
  const event = await send('POST', '/v1/apps/:app_id/events')();
  expect(event.status).toBe(202);
  expect(await send('POST', '/v1/apps/:app_id/events/batch')()).toMatchObject({ status: 202 });
  // Its one endpoint is paused, so that nothing is sent to the example's host.
  const resent = await send(
    'POST',
    '/v1/apps/:app_id/events/:event_id/resend',
  )({
    event_id: event.body.event?.id ?? '',
  });
  expect(resent.status).toBe(202);
  const scendcore = await api.createApp('scendcore');
  const subscribe = allRoutes.find((each) => nameOf(each) === 'POST /api/v1/webhooks/subscribe');
  expect(
    await api.with(scendcore.key).call('POST', '/api/v1/webhooks/subscribe', { body: subscribe?.example }),
  ).toMatchObject({ status: 201 });
});
