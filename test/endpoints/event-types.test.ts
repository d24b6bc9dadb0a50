import { beforeAll, describe, expect, it } from 'vitest';
import type { App, Event, ProblemBody } from '../support/api-client.js';
import { connectTo } from '../support/database.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const posthorn = sharedPosthorn();
const { api } = posthorn;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
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
    [{ name: 'a', schema: { $ref: '#' } }, '/schema'],
    [{ name: 'a', schema: { $schema: { toString: 1, valueOf: 1 } } }, '/schema/$schema'],
    [{ name: 'a', schema: { $comment: 'x'.repeat(65_536) } }, '/schema'],
    [{ name: 'a', example: {} }, '/example'],
  ])('%j is refused with %s', async (type, pointer) => {
    const { path, list } = await given('standard');
    expect((await refused(422, 'POST', path, type)).errors).toMatchObject([{ pointer }]);
    expect(await list()).toEqual([]);
  });
});

it('a pattern that is too large for V8 is refused with its type', async () => {
  const { path } = await given('standard');
  const type = { name: 'parcel.sent', schema: { items: { pattern: 'a'.repeat(65_000) } } };
  const { errors } = await refused(422, 'POST', path, type);
  expect(errors).toMatchObject([
    { pointer: '/schema', detail: expect.stringContaining('too large') as string },
  ]);
  expect(errors?.[0]?.detail.length).toBeLessThan(300);
});

describe('a name that the catalogue has since a later version', () => {
  /** An application's own row, as it was added before. */
  async function owned(name: string) {
    const setup = await given('scendcore');
    await setup.register({ name: 'before.it', schema });
    const client = await connectTo(posthorn.databaseUrl);
    await client.query('update event_types set name = $1 where app_id = $2', [name, setup.app.id]);
    return setup;
  }

  it('is listed once, with the schema that holds, and can be deleted', async () => {
    const { app, key, path, list } = await owned('contact.created');
    const listed = async () => (await list()).filter(({ name }) => name === 'contact.created');
    expect(await listed()).toMatchObject([{ source: 'catalogue', schema }]);
    const subscribe = await api
      .with(key)
      .expect<{ available_events: string[] }>(200, 'GET', '/api/v1/webhooks/subscribe');
    expect(subscribe.available_events).toHaveLength(15);

    const event = { event_type: 'contact.created', data: {} };
    await refused(422, 'POST', submitPath(app), event);
    await api.expect(204, 'DELETE', `${path}/contact.created`);
    await api.submit(app.id, event);
    expect(await listed()).toMatchObject([{ source: 'catalogue', schema: null }]);
    await refused(409, 'DELETE', `${path}/contact.created`);
  });
});

describe('an event that was accepted', () => {
  it.each([
    ['id', { id: '0b0e6c2e-52b9-4f8a-9d53-2b3c4d5e6f70' }, {}],
    ['Idempotency-Key', {}, { 'Idempotency-Key': 'parcel 4711' }],
  ])('is recognised by its %s after its type was changed and deleted', async (_what, named, headers) => {
    const { app, path, register } = await given('scute');
    const body = { event_type: 'parcel.sent', data: { weight: 'heavy' }, ...named };
    const submit = (more: object = {}) =>
      api.call<{ event: Event }>('POST', submitPath(app), { body: { ...body, ...more }, headers });
    await register({ name: 'parcel.sent' });
    const first = await submit();
    expect(first.status).toBe(202);
    await api.eventThatIs('unmatched', app.id, first.body.event.id);

    await api.expect(204, 'DELETE', `${path}/parcel.sent`);
    const { id, created_at } = first.body.event;
    expect(await submit()).toMatchObject({ status: 202, body: { event: { id, created_at } } });
    await register({ name: 'parcel.sent', schema });
    expect(await submit()).toMatchObject({ status: 202, body: { event: { id, created_at } } });
    expect((await submit({ data: { weight: 1 } })).status).toBe(409);
    // Its form comes first all the same.
    expect((await submit({ event_type: 'parcel sent' })).status).toBe(422);
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

  it('that takes for ever refuses the event, and is not tried again for some seconds', async () => {
    const { app, register } = await given('standard');
    await register({ name: 'parcel.sent', schema: { pattern: '^(a+)+$' } });
    const event = { event_type: 'parcel.sent', data: `${'a'.repeat(60)}!` };
    expect((await refused(422, 'POST', submitPath(app), event)).errors).toMatchObject([
      { pointer: '/data', detail: expect.stringContaining('too long') as string },
    ]);
    // Also not for data that would do: this is no final answer.
    const busy = await api.call<ProblemBody>('POST', submitPath(app), { body: { ...event, data: 'aa' } });
    expect(busy).toMatchObject({ status: 503, body: { code: 'busy' } });
    expect(Number(busy.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(busy.headers['retry-after'])).toBeLessThan(100);
  });

  it('that takes for ever holds nobody else up', async () => {
    const { app, register } = await given('standard');
    const data = `${'a'.repeat(60)}!`;
    const names = Array.from({ length: 10 }, (_, n) => `parcel.t${n}`);
    for (const name of names) await register({ name, schema: { $comment: name, pattern: '^(a+)+$' } });
    const other = await given('standard');
    await other.register({ name: 'parcel.sent', schema });

    const hostile = Promise.all(
      names.map((name) => api.call('POST', submitPath(app), { body: { event_type: name, data } })),
    );
    let done = false;
    void hostile.then(() => (done = true));
    const durations: number[] = [];
    while (!done) {
      const startedAt = performance.now();
      await api.expect(200, 'GET', '/healthz');
      durations.push(performance.now() - startedAt);
    }
    expect(Math.max(...durations)).toBeLessThan(1_000);
    const statuses = (await hostile).map(({ status }) => status);
    expect(statuses.filter((status) => status === 422)).toHaveLength(3);
    expect(statuses.filter((status) => status === 503)).toHaveLength(7);
    await api.submit(other.app.id, { event_type: 'parcel.sent', data: { weight: 1 } });
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
