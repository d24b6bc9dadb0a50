import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { errorCode } from '../../lib/errors.js';
import { profileById } from '../../profiles/index.js';
import type { Scope } from '../../store/apps/api-keys.js';
import { notNow, QUERY_CANCELED } from '../../store/database/errors.js';
import { EncryptionKeyMissing } from '../../store/secrets/sealer.js';
import { TemporalUnavailable } from '../../temporal/calls.js';
import { identifiedCaller } from '../access/identified-caller.js';
import { allows } from '../access/auth.js';
import { credentialOf } from '../access/credentials.js';
import { originOf } from '../access/same-origin.js';
import type { ApiContext } from '../context.js';
import { EventStream, LAST_EVENT_ID, sendStream } from './event-stream.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { withKey, withoutKey, type Once } from './once.js';
import { pathParameter } from './path-parameters.js';
import { Problem, problems } from './problem.js';
import type { UnderWay } from '../access/rate-limits.js';
import { MAX_BODY_BYTES, parseBody, parseQuery, readBody } from './request.js';
import { nameOf, takesIdempotencyKey, type Call, type Caller, type Route } from './route.js';
import { referencePage, REFERENCE_POLICY } from '../reference/page.js';
import { openApiDocument } from './openapi.js';
import { problemView } from './problem-view.js';
import { createRoutes } from '../routes.js';
import { servePages } from '../dashboard/pages.js';
import { serveSessions, SESSION_METHODS, SESSION_PATH } from '../dashboard/session.js';

const NOTHING = ["'none'"];
const NOTHING_SHOWN = { defaultSrc: NOTHING, baseUri: NOTHING, formAction: NOTHING, frameAncestors: NOTHING };
const noQuery = z.strictObject({});

/** The API as an Express application: every route of the table, and problems for everything else. */
export function createServer(context: ApiContext): Express {
  const server = express();
  server.disable('x-powered-by');
  server.set('trust proxy', [...context.trustedProxies]);
  server.set('query parser', 'simple');
  server.set('etag', false);

  // Of what is not a page of ours nothing is shown. A page has a policy of its own.
  server.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: NOTHING_SHOWN },
      frameguard: { action: 'deny' },
    }),
  );
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
      if (result instanceof EventStream) await sendStream(result, response);
      else if (result === undefined) response.end();
      else response.json(result);
    });
  }
  let reference: string | undefined;
  server.get('/docs', (_request, response) => {
    response.set('Content-Security-Policy', REFERENCE_POLICY);
    response.type('html').send((reference ??= referencePage(openApiDocument(routes))));
  });
  serveSessions(server, context);
  for (const [path, methods] of [
    ...methodsByPath(routes),
    ['/docs', ['GET']] as const,
    [SESSION_PATH, SESSION_METHODS] as const,
  ]) {
    server.all(path, () => {
      throw problems.methodNotAllowed(methods);
    });
  }
  servePages(server, context.dashboardPath);
  server.use(() => {
    throw problems.notFound();
  });
  server.use(problemHandler(context));
  return server;
}

async function answer(context: ApiContext, route: Route, request: Request): Promise<unknown> {
  const caller = route.access === 'public' ? null : await identifiedCaller(context, request);
  const underWay = caller && context.limits.begin(nameOf(caller));
  try {
    return await answerTo(context, route, { request, caller, underWay });
  } finally {
    underWay?.end();
  }
}

interface Admitted {
  readonly request: Request;
  /** Null on a route that is open to everybody. */
  readonly caller: Caller | null;
  readonly underWay: UnderWay | null;
}

async function answerTo(context: ApiContext, route: Route, admission: Admitted): Promise<unknown> {
  const { caller } = admission;
  const given = admission.request.params as Record<string, string>;
  if (route.access !== 'app') {
    if (route.access === 'admin') assertAdmin(caller, given.app_id);
    const params = checkedParams(given);
    return once(context, route, admission, { params, scope: params.app_id, schema: route.body }, (call) =>
      route.handle(call),
    );
  }

  // An application that is not the key's own does not exist for it: that comes before everything else.
  const params = checkedParams(given);
  const appId = params.app_id ?? (caller?.kind === 'key' ? caller.key.appId : null);
  if (appId === null) throw problems.applicationKeyOnly();
  if (caller?.kind === 'key' && caller.key.appId !== appId) throw problems.notFound();
  const app = await context.apps.of(appId);
  if (!app) throw problems.notFound();
  const { scopes } = route;
  const may = (scope: Scope) => caller?.kind !== 'key' || allows(caller.key, scope);
  if (scopes.length > 0 && !scopes.some(may)) throw problems.missingScope(scopes);
  const profile = profileById(app.profile);
  const canonical = profile.eventId.canonical ?? ((id: string) => id);
  const ofProfile =
    params.event_id === undefined ? params : { ...params, event_id: canonical(params.event_id) };
  // Make the schema before reading the body: the route may not exist for this profile.
  const schema =
    typeof route.body === 'function' ? route.body(profile, await context.eventTypes.of(app.id)) : route.body;
  const stillAllowed = async () =>
    (await context.authenticator.callerOf(credentialOf(admission.request))) &&
    (await context.apps.of(app.id));
  const lastEventId = admission.request.get(LAST_EVENT_ID);
  return once(context, route, admission, { params: ofProfile, scope: app.id, schema }, (call) =>
    route.handle({ ...call, app, profile, may, stillAllowed, lastEventId }),
  );
}

/** @throws Problem 403; 404 for another application than the key's own, which does not exist for it here either */
function assertAdmin(caller: Caller | null, appId: string | undefined): void {
  if (caller?.kind === 'admin') return;
  throw appId !== undefined && appId !== caller?.key.appId ? problems.notFound() : problems.adminOnly();
}

/** The subject of a request whose caller was admitted. */
interface Wanted {
  readonly params: Readonly<Record<string, string>>;
  /** What its `Idempotency-Key` is unique within beside its route: an application; undefined for the installation. */
  readonly scope: string | undefined;
  readonly schema: z.ZodType | undefined;
}

/** Has a request handled; a repetition, by its `Idempotency-Key`, is answered as the first one was. */
async function once(
  context: ApiContext,
  route: Route,
  { request, caller, underWay }: Admitted,
  { params, scope, schema }: Wanted,
  handle: (call: Call<unknown, unknown, unknown>) => Promise<unknown>,
): Promise<unknown> {
  const idempotencyKey = idempotencyKeyOf(request, takesIdempotencyKey(route));
  const query = parseQuery(route.query ?? noQuery, request.query);
  const { bodyOptional = false, maxBodyBytes = MAX_BODY_BYTES } = route;
  const expected = { optional: bodyOptional, maxBytes: maxBodyBytes };
  const content = schema ? await readBody(request, expected, underWay) : undefined;
  const callBy = (tool: Once<unknown>) =>
    handle({
      caller: caller === null ? '' : nameOf(caller),
      origin: () => originOf(request),
      params,
      query,
      idempotencyKey,
      once: tool,
      body: schema ? parseBody(schema, content) : undefined,
    });
  if (route.idempotencyKey !== 'remembered' || idempotencyKey === undefined) {
    return callBy(withoutKey(context));
  }
  const keyed = { key: idempotencyKey, scope: [scope, route.path, params], content: content ?? {} };
  const tool = withKey(context, keyed, route.shownAgain ?? ((answer) => answer));
  // Before validation: what is valid may have changed since the first request.
  const first = await tool.first();
  if (first) return first.answer;
  const result = await callBy(tool);
  // The work is done, even if this fails: a repetition finds it by the id that it began with.
  await tool.answered(result).catch((err: unknown) => {
    context.logger.warn({ err }, 'could not store the answer to a request with an idempotency key');
  });
  return result;
}

/**
 * The ids and event types in the path, in their one spelling: what is malformed does not exist.
 * @throws Problem 404
 */
function checkedParams(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const checked = Object.entries(given).map(([name, value]) => {
    const { success, data } = pathParameter(name).safeParse(value);
    if (!success) throw problems.notFound();
    return [name, data];
  });
  return Object.fromEntries(checked) as Record<string, string>;
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

/** The problem that the caller gets for an error. */
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
