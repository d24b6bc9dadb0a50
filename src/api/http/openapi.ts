import { z } from 'zod';
import { sessionCookie } from '../access/credentials.js';
import { CSRF_HEADER } from '../access/same-origin.js';
import {
  createDocument,
  type CreateDocumentOptions,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { profileById, profileIds } from '../../profiles/index.js';
import { eventStream, LAST_EVENT_ID } from './event-stream.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from './idempotency-key.js';
import { parameterNames, pathParameter } from './path-parameters.js';
import { Problem, type Conflict } from './problem.js';
import { MAX_BODY_BYTES } from './request.js';
import { takesIdempotencyKey, type Route } from './route.js';
import { problemAnswer } from './problem-view.js';

/** Dates are text in JSON. */
const datesAreText: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema, zodSchema }) => {
  if (zodSchema._zod.def.type !== 'date') return;
  jsonSchema.type = 'string';
  jsonSchema.format = 'date-time';
};

/** The API's OpenAPI document (3.1), made from the routes and the schemas that validate their requests. */
export function openApiDocument(routes: readonly Route[]): oas31.OpenAPIObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operationOf(route);
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Posthorn',
        version: '1',
        description:
          'Submits events, and shows for each where it was delivered, when, and what it waits for.',
      },
      security: [{ key: [] }, { session: [] }],
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: "The administration key, or an application's key.",
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: sessionCookie({ host: '' }, true),
            description:
              'Who is signed in to the dashboard. Every method but GET and HEAD needs the session’s `csrf_token` in ' +
              `the header ${CSRF_HEADER}, and is for pages of the same origin. Without TLS the name is ` +
              `${sessionCookie({ host: '' }, false)}; where the URL has a port, that follows: -3000.`,
          },
        },
      },
      paths,
    },
    { override: datesAreText, allowEmptySchema: { custom: true } },
  );
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const names = parameterNames(route.path);
  const body = bodyOf(route);
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(route.access === 'app' && route.scopes.length > 0
      ? { description: `Scope: ${route.scopes.map((scope) => `\`${scope}\``).join(' or ')}.` }
      : {}),
    requestParams: {
      ...(names.length > 0
        ? { path: z.object(Object.fromEntries(names.map((name) => [name, pathParameter(name)]))) }
        : {}),
      ...queryOf(route),
      ...(takesIdempotencyKey(route)
        ? { header: z.object({ [IDEMPOTENCY_KEY]: idempotencyKey.optional() }) }
        : {}),
      ...(streams(route) ? { header: z.object({ [LAST_EVENT_ID]: z.string().optional() }) } : {}),
    },
    ...(body
      ? {
          requestBody: {
            required: route.bodyOptional !== true,
            content: { 'application/json': { schema: body, example: route.example } },
          },
        }
      : {}),
    responses: answersOf(route),
  };
}

/** The query's schema, each parameter with its example. */
function queryOf({ query, exampleQuery = {} }: Route): { query?: z.ZodObject } {
  if (!(query instanceof z.ZodObject)) return {};
  const shown = Object.entries(exampleQuery).map(([name, example]) => {
    const schema = query.shape[name] as z.ZodType | undefined;
    if (!schema) throw new Error(`the route has no parameter ${name}, of which it has an example`);
    return [name, schema.meta({ ...schema.meta(), param: { example } })] as const;
  });
  return { query: query.extend(Object.fromEntries(shown)) };
}

const streams = ({ success }: Route) => success[1] === eventStream;

function answersOf(route: Route): ZodOpenApiResponsesObject {
  const [status, schema] = route.success;
  const problem = { content: { 'application/problem+json': { schema: problemAnswer } } };
  const answers: ZodOpenApiResponsesObject = {
    [`${status}`]: {
      description: 'Done.',
      ...(schema
        ? { content: { [streams(route) ? 'text/event-stream' : 'application/json']: { schema } } }
        : {}),
    },
    400: { description: 'The body is not JSON, or a parameter is not valid.', ...problem },
    503: { description: 'Not possible right now: see `Retry-After`.', ...problem },
  };
  if (route.access !== 'public') {
    answers['401'] = { description: 'No key, or an unknown or revoked one.', ...problem };
    answers['403'] = { description: 'The key may not do this.', ...problem };
    answers['404'] = { description: 'No such resource.', ...problem };
    answers['429'] = { description: 'Too many requests: see `Retry-After`.', ...problem };
  }
  const conflicts = conflictsOf(route);
  if (conflicts.length > 0) {
    const conflict = problemAnswer.extend({ code: z.enum(conflicts) });
    answers['409'] = {
      description: 'Conflicts with the current state.',
      content: { 'application/problem+json': { schema: conflict } },
    };
  }
  if (route.body) {
    const { maxBodyBytes = MAX_BODY_BYTES } = route;
    answers['413'] = { description: `The body has more than ${maxBodyBytes} bytes.`, ...problem };
    answers['415'] = { description: 'Not `application/json` in UTF-8.', ...problem };
    answers['422'] = { description: 'The body is not valid: `errors` has one entry per field.', ...problem };
  }
  return answers;
}

function conflictsOf({ conflicts = [], idempotencyKey }: Route): readonly Conflict[] {
  return idempotencyKey === 'remembered' ? [...conflicts, 'idempotency_conflict'] : conflicts;
}

/** The body's schema; where profiles differ, any of theirs. */
function bodyOf({ body }: Route): z.ZodType | null {
  if (typeof body !== 'function') return body ?? null;
  const byForm = new Map<string, { schema: z.ZodType; profiles: string[] }>();
  for (const id of profileIds) {
    try {
      const schema = body(profileById(id), { has: () => false });
      const form = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
      const known = byForm.get(form);
      if (known) known.profiles.push(id);
      else byForm.set(form, { schema, profiles: [id] });
    } catch (error) {
      // A route of other profiles.
      if (!(error instanceof Problem)) throw error;
    }
  }
  const forms = [...byForm.values()].map(({ schema, profiles }) =>
    schema.meta({ title: `Of ${profiles.join(', ')}` }),
  );
  const [first, ...others] = forms;
  return first && others.length > 0 ? z.union([first, ...others]) : (first ?? null);
}

/** `POST /v1/apps/:app_id/webhooks/:id/pause` is `post_apps_webhooks_pause`, with `_by_id` where it ends with one. */
function operationIdOf({ method, path }: Route): string {
  const words = path.split('/').filter((segment) => segment !== '' && segment !== 'v1');
  const named = words.filter((segment) => !segment.startsWith(':')).map((word) => word.replace(/\W/g, '_'));
  return [method, ...named, ...(words.at(-1)?.startsWith(':') ? ['by_id'] : [])].join('_');
}
