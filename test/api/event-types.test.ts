import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, App, ProblemBody } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

let posthorn: TestPosthorn;
let api: ApiClient;
let receiver: Receiver;
beforeAll(async () => {
  posthorn = await startTestPosthorn();
  api = posthorn.api;
  receiver = await Receiver.start();
});
afterAll(async () => {
  await receiver.stop();
  await posthorn.stop();
});

interface EventType {
  name: string;
  description: string | null;
  example: unknown;
  schema: unknown;
  source: string;
}

async function given(profile: string) {
  const { app, key } = await api.createApp(profile);
  const path = `/v1/apps/${app.id}/event-types`;
  return {
    app,
    key,
    path,
    register: (type: Record<string, unknown>) => api.expect(201, 'POST', path, type),
    list: async () => (await api.expect<{ event_types: EventType[] }>(200, 'GET', path)).event_types,
  };
}

async function refused(status: number, method: string, path: string, body?: unknown) {
  const answer = await api.call<ProblemBody>(method, path, body === undefined ? {} : { body });
  expect(answer.status).toBe(status);
  return answer.body;
}

const submitPath = ({ id }: App) => `/v1/apps/${id}/events`;
const schema = { type: 'object', required: ['weight'], properties: { weight: { type: 'number' } } };

describe('an application’s own event types', () => {
  it('stand in the list after the catalogue’s, which have examples', async () => {
    const { register, list } = await given('scendcore');
    const catalogue = await list();
    expect(catalogue).toHaveLength(15);
    expect(catalogue[0]).toMatchObject({
      source: 'catalogue',
      schema: null,
      description: expect.any(String) as string,
      example: expect.any(Object) as object,
    });
    const type = { name: 'parcel.sent', description: 'It left the house.', schema };
    expect(await register(type)).toEqual({ event_type: { ...type, example: null, source: 'application' } });
    await register({ name: 'parcel.lost' });
    expect((await list()).slice(15)).toEqual([
      { name: 'parcel.lost', description: null, example: null, schema: null, source: 'application' },
      { ...type, example: null, source: 'application' },
    ]);
  });

  it('are taken by events and endpoints from then on, and no more once they are deleted', async () => {
    const { app, path, register } = await given('scute');
    const event = { event_type: 'parcel.sent', data: { weight: 1 } };
    expect((await refused(422, 'POST', submitPath(app), event)).errors).toMatchObject([
      { pointer: '/event_type', detail: expect.stringContaining('scute') as string },
    ]);
    const webhook = { url: receiver.url, event_types: ['parcel.sent'] };
    const webhooks = `/v1/apps/${app.id}/webhooks`;
    expect((await refused(422, 'POST', webhooks, { webhook })).errors).toMatchObject([
      { pointer: '/webhook/event_types/0' },
    ]);

    await register({ name: 'parcel.sent' });
    await api.createWebhook(app.id, webhook);
    const { id } = await api.submit(app.id, event);
    await api.eventThatIs('delivered', app.id, id);

    await api.expect(204, 'DELETE', `${path}/parcel.sent`);
    await refused(422, 'POST', submitPath(app), event);
    await refused(404, 'DELETE', `${path}/parcel.sent`);
  });

  it('stand among ScendCore’s available_events', async () => {
    const { key, register } = await given('scendcore');
    await register({ name: 'parcel.sent' });
    const answer = await api
      .with(key)
      .expect<{ available_events: string[] }>(200, 'GET', '/api/v1/webhooks/subscribe');
    expect(answer.available_events).toHaveLength(16);
    expect(answer.available_events.at(-1)).toBe('parcel.sent');
  });

  it('belong to their application alone', async () => {
    const [mine, theirs] = [await given('scute'), await given('scute')];
    await mine.register({ name: 'parcel.sent' });
    await refused(422, 'POST', submitPath(theirs.app), { event_type: 'parcel.sent', data: {} });
    await theirs.register({ name: 'parcel.sent' });
  });

  it('exist once, also when they come at the same time', async () => {
    const { path } = await given('scute');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.call('POST', path, { body: { name: 'parcel.sent' } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    expect((await refused(409, 'POST', path, { name: 'parcel.sent' })).code).toBe('event_type_exists');
  });

  it('cannot take the name of one in the catalogue, which cannot be deleted', async () => {
    const { path } = await given('scendcore');
    expect((await refused(409, 'POST', path, { name: 'contact.created' })).code).toBe('event_type_exists');
    expect((await refused(409, 'DELETE', `${path}/contact.created`)).code).toBe('event_type_in_catalogue');
  });

  it.each([
    [{ name: 'parcel.' }, '/name'],
    [{ name: 'parcel.*' }, '/name'],
    [{ name: 'parcel sent' }, '/name'],
    [{ name: 'a'.repeat(200) }, '/name'],
    [{}, '/name'],
    [{ name: 'a', schema: 'nonsense' }, '/schema'],
    [{ name: 'a', schema: [] }, '/schema'],
    [{ name: 'a', schema: { type: 'banana' } }, '/schema/type'],
    [{ name: 'a', schema: { properties: { b: 1 } } }, '/schema/properties/b'],
    [{ name: 'a', schema: { $ref: 'https://example.com/b' } }, '/schema'],
    [{ name: 'a', example: {} }, '/example'],
  ])('%j is refused with %s', async (type, pointer) => {
    const { path, list } = await given('standard');
    expect((await refused(422, 'POST', path, type)).errors).toMatchObject([{ pointer }]);
    expect(await list()).toEqual([]);
  });
});

describe('a schema', () => {
  it('must be satisfied by the data of every event of its type, on `standard` too', async () => {
    const { app, register } = await given('standard');
    await register({ name: 'parcel.sent', schema });
    await api.submit(app.id, { event_type: 'parcel.sent', data: { weight: 1 } });
    await api.submit(app.id, { event_type: 'parcel.lost', data: { weight: 'unknown' } });
    for (const [data, pointer] of [
      [{ weight: 'heavy' }, '/data/weight'],
      [{}, '/data'],
      [1, '/data'],
    ]) {
      const { errors } = await refused(422, 'POST', submitPath(app), { event_type: 'parcel.sent', data });
      expect(errors).toMatchObject([{ pointer }]);
    }
  });

  it('that takes for ever refuses the event, and holds others up for no longer than that', async () => {
    const { app, register } = await given('standard');
    await register({ name: 'parcel.sent', schema: { pattern: '^(a+)+$' } });
    const data = `${'a'.repeat(60)}!`;
    const startedAt = performance.now();
    const hostile = refused(422, 'POST', submitPath(app), { event_type: 'parcel.sent', data });
    await api.submit(app.id, { event_type: 'parcel.lost', data });
    // Some 100 ms; without an end to the check, years.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await hostile).errors).toMatchObject([
      { pointer: '/data', detail: expect.stringContaining('too long') as string },
    ]);
  });

  it('comes back as it was brought, and is changed by deleting its type and adding it again', async () => {
    const { app, path, register, list } = await given('standard');
    const brought = { type: 'object', $comment: 'ü 🙂', properties: { b: { type: 'string' }, a: {} } };
    await register({ name: 'parcel.sent', schema: brought });
    expect(JSON.stringify((await list())[0]?.schema)).toBe(JSON.stringify(brought));
    const event = { event_type: 'parcel.sent', data: { weight: 'heavy' } };
    await api.submit(app.id, event);
    await api.expect(204, 'DELETE', `${path}/parcel.sent`);
    await register({ name: 'parcel.sent', schema });
    await refused(422, 'POST', submitPath(app), event);
  });

  it('has 1,048,576 characters at most, with those of the application’s other types', async () => {
    const { path, register, list } = await given('standard');
    const rest = JSON.stringify({ $comment: '' }).length;
    const ofLength = (characters: number) => ({ $comment: 'x'.repeat(characters - rest) });
    for (let n = 0; n < 16; n += 1) {
      await register({ name: `parcel.t${n}`, schema: ofLength(n === 15 ? 65_000 : 65_536) });
    }
    const tooMuch = await refused(409, 'POST', path, { name: 'parcel.sent', schema: ofLength(537) });
    expect(tooMuch).toMatchObject({
      code: 'event_type_limit_reached',
      detail: expect.stringContaining('1048576 characters') as string,
    });
    expect(await list()).toHaveLength(16);
    await register({ name: 'parcel.sent', schema: ofLength(536) });
    await register({ name: 'parcel.lost' });
  });
});
