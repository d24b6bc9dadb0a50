import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { errorCode } from '../errors.js';
import { profileById } from '../profiles/index.js';
import { notNow, QUERY_CANCELED } from '../store/errors.js';
import { EncryptionKeyMissing } from '../store/sealer.js';
import { TemporalUnavailable } from '../temporal/calls.js';
import { admitted } from './admitted.js';
import { allows } from './auth.js';
import type { ApiContext } from './context.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { pathParameter } from './path-parameters.js';
import { Problem, problems } from './problem.js';
import { parseBody, parseQuery, readBody } from './request.js';
import { nameOf, type Call, type Caller, type Route } from './route.js';
import { problemView } from './views/problem.js';
import { createRoutes } from './routes/index.js';

const noQuery = z.strictObject({});

/** The API as an Express application: every route of the table, and problems for everything else. */
export function createServer(context: ApiContext): Express {
  const server = express();
  server.disable('x-powered-by');
  server.set('trust proxy', [...context.trustedProxies]);
  server.set('query parser', 'simple');
  server.set('etag', false);

  server.use(helmet());
  server.use((request, response, next) => {
    const id = randomUUID();
    response.locals.requestId = id;
    response.setHeader('X-Request-Id', id);
    response.setHeader('Cache-Control', 'no-store');
    next();
  });

  const routes = createRoutes(context);
  for (const route of routes) {
    server[route.method](route.path, async (request: Request, response: Response) => {
      const result = await answer(context, route, request);
      response.status(route.success[0]);
      if (result === undefined) response.end();
      else response.json(result);
    });
  }
  for (const [path, methods] of methodsByPath(routes)) {
    server.all(path, () => {
      throw problems.methodNotAllowed(methods);
    });
  }
  server.use(() => {
    throw problems.notFound();
  });
  server.use(problemHandler(context));
  return server;
}

async function answer(context: ApiContext, route: Route, request: Request): Promise<unknown> {
  const params = request.params as Record<string, string>;
  const caller = route.access === 'public' ? null : await admitted(context, request);
  if (route.access !== 'app') {
    if (route.access === 'admin') assertAdmin(caller, params.app_id);
    checkParams(params);
    return route.handle(await callOf(route, request, { params, caller, schema: route.body }));
  }

  // An application that is not the key's own does not exist for it: that comes before everything else.
  checkParams(params);
  const appId = params.app_id ?? (caller?.kind === 'key' ? caller.key.appId : null);
  if (appId === null) throw problems.applicationKeyOnly();
  if (caller?.kind === 'key' && caller.key.appId !== appId) throw problems.notFound();
  const app = await context.apps.of(appId);
  if (!app) throw problems.notFound();
  const { scopes } = route;
  if (caller?.kind === 'key' && scopes.length > 0 && !scopes.some((scope) => allows(caller.key, scope))) {
    throw problems.missingScope(scopes);
  }
  const profile = profileById(app.profile);
  // Made before the body is read: a schema of another profile refuses whatever was sent.
  const schema =
    typeof route.body === 'function' ? route.body(profile, await context.eventTypes.of(app.id)) : route.body;
  const call = await callOf(route, request, { params, caller, schema });
  return route.handle({ ...call, app, profile });
}

/** @throws Problem 403; 404 for another application than the key's own, which does not exist for it here either */
function assertAdmin(caller: Caller | null, appId: string | undefined): void {
  if (caller?.kind === 'admin') return;
  throw appId !== undefined && appId !== caller?.key.appId ? problems.notFound() : problems.adminOnly();
}

async function callOf(
  route: Route,
  request: Request,
  {
    params,
    caller: called,
    schema,
  }: {
    readonly params: Readonly<Record<string, string>>;
    readonly caller: Caller | null;
    readonly schema: z.ZodType | undefined;
  },
): Promise<Call<unknown, unknown>> {
  const caller = called === null ? '' : nameOf(called);
  const query = parseQuery(route.query ?? noQuery, request.query);
  const idempotencyKey = route.idempotent ? idempotencyKeyOf(request) : undefined;
  if (!schema) return { caller, params, query, idempotencyKey, body: undefined };
  const json = await readBody(request, route.bodyOptional === true);
  return { caller, params, query, idempotencyKey, body: parseBody(schema, json) };
}

/**
 * The ids and event types in the path: what is malformed does not exist.
 * @throws Problem 404
 */
function checkParams(params: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(params)) {
    if (!pathParameter(name).safeParse(value).success) throw problems.notFound();
  }
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  return methods;
}

function problemHandler(context: ApiContext): ErrorRequestHandler {
  return (error: unknown, _request, response: Response, next) => {
    const requestId = response.locals.requestId as string;
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const err = error instanceof Problem ? (error.cause ?? error) : error;
      // 503 says that something is away for now; anything else is a fault of ours.
      const level = problem.status === 503 ? 'warn' : 'error';
      context.logger[level]({ err, request_id: requestId, code: problem.code }, 'a request failed');
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    response
      .status(problem.status)
      .set(problem.more.headers ?? {})
      .type('application/problem+json')
      .send(JSON.stringify(problemView(problem, requestId)));
  };
}

/** What an error that reached the top means to the caller. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TemporalUnavailable) return problems.temporalUnavailable();
  const database = notNow(error);
  if (database !== null) {
    return database === 'busy' ? problems.overloaded() : problems.databaseUnavailable(database);
  }
  if (errorCode(error) === QUERY_CANCELED) return problems.tookTooLong();
  if (error instanceof EncryptionKeyMissing) return problems.encryptionKeyMissing();
  // Express could not decode a path.
  if (error instanceof URIError) return problems.notFound();
  return problems.internalError();
}
