import { z } from 'zod';
import { openApiDocument } from '../http/openapi.js';
import { route, type Route } from '../http/route.js';

/** @param routes what the document is of; read at the first call, when all are there */
export function openApiRoute(routes: readonly Route[]): Route {
  let document: ReturnType<typeof openApiDocument> | undefined;
  return route({
    method: 'get',
    path: '/openapi.json',
    summary: 'Returns the OpenAPI document.',
    access: 'public',
    success: [200, z.record(z.string(), z.unknown())],
    handle: () => Promise.resolve({ ...(document ??= openApiDocument(routes)) }),
  });
}
