import { describe, expect, it } from 'vitest';
import { request } from 'undici';
import { takesIdempotencyKey } from '../../src/api/http/route.js';
import { document, undocumented } from '../support/documented.js';
import { allRoutes } from '../support/routes.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const { api } = sharedPosthorn();

describe('GET /openapi.json', () => {
  it('is the document, for everybody', async () => {
    const response = await request(`${api.url}/openapi.json`);
    expect(response.statusCode).toBe(200);
    expect(await response.body.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is OpenAPI 3.1 and has every route, each by a name of its own', () => {
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations).toHaveLength(allRoutes.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('has what bodies are checked by', () => {
    expect(document.paths['/v1/apps/{app_id}/webhooks/{id}/rotate-secret']?.post).toMatchObject({
      requestBody: {
        required: false,
        content: {
          'application/json': {
            schema: {
              properties: {
                grace_seconds: {
                  anyOf: [{ type: 'integer', minimum: 0, maximum: 604_800 }, { type: 'null' }],
                  default: 86_400,
                },
              },
            },
          },
        },
      },
    });
  });
});

describe('the document', () => {
  it('names the header Idempotency-Key, and its 409, where it is honoured', () => {
    for (const route of allRoutes) {
      const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[route.method];
      const names = (operation?.parameters ?? [])
        .filter((each) => each.in === 'header')
        .map(({ name }) => name)
        .filter((name) => name !== 'Last-Event-ID');
      expect([path, names]).toEqual([path, takesIdempotencyKey(route) ? ['Idempotency-Key'] : []]);
      if (route.idempotencyKey === 'remembered') {
        expect(JSON.stringify(operation?.responses['409'])).toContain('idempotency_conflict');
      }
    }
  });

  it('has the limit of a page as a number, and times as times', () => {
    const parameters = document.paths['/v1/apps/{app_id}/events']?.get?.parameters;
    expect(parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
      }),
    );
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'since', schema: { type: 'string', format: 'date-time' } }),
    );
  });
});

/** Every answer that a test gets through the API client is compared; these are what makes that fail. */
describe('an answer is not documented', () => {
  const webhook = '/v1/apps/0b0e7c1e-6a0e-8d0c-9d9b-0d6f0b8a1c11/webhooks';
  const page = { webhooks: [], next_cursor: null };
  const type = 'application/json; charset=utf-8';

  it.each([
    ['of another status', { status: 418, type, body: page }],
    ['of another type', { status: 200, type: 'text/html', body: page }],
    ['with a member more', { status: 200, type, body: { ...page, total: 0 } }],
    ['without one', { status: 200, type, body: { webhooks: [] } }],
    ['that is a problem and says so with 200', { status: 200, type: 'application/problem+json', body: {} }],
  ])('%s', (_what, answer) => {
    expect(undocumented('GET', webhook, { status: 200, type, body: page })).toBeNull();
    expect(undocumented('GET', webhook, answer)).not.toBeNull();
  });
});

it('the answers have the headers of helmet, and no trace of what serves them', async () => {
  const { headers } = await api.call('GET', '/healthz', { key: null });
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    'cache-control': 'no-store',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('server');
});
