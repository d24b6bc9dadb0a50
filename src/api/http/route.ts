import type { z } from 'zod';
import type { Profile } from '../../profiles/profile.js';
import type { ApiKey, Scope } from '../../store/apps/api-keys.js';
import type { App } from '../../domain/app.js';
import type { AppEventTypes } from '../event-types/app-event-types.js';
import type { Once } from './once.js';
import type { Conflict } from './problem.js';

/** The argument of every handler. */
export interface Call<Body, Query, Result> {
  /** The caller that requests are counted by: a key's id, or `admin`. Empty on public routes. */
  readonly caller: string;
  /** The origin by which the caller has reached the API, such as `https://hooks.example.com`. */
  readonly origin: () => string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  /** The header's value, on the routes that name events by it. */
  readonly idempotencyKey: string | undefined;
  /** How the routes that remember it create something. */
  readonly once: Once<Result>;
}

/** The argument of a handler under `/v1/apps/:app_id`: the application exists, and the key may use it. */
export interface AppCall<Body, Query, Result> extends Call<Body, Query, Result> {
  readonly app: App;
  readonly profile: Profile;
  /** Whether the caller may do what a scope names, where a route shows more to some than to others. */
  readonly may: (scope: Scope) => boolean;
  /** The application as it is now; null once the caller may not use it any more: for answers that go on. */
  readonly stillAllowed: () => Promise<App | null>;
  /** The header `Last-Event-ID`, of a receiver of server-sent events that comes again. */
  readonly lastEventId: string | undefined;
}

interface RouteBase<Query, Result> {
  /** In Express's form; its parameters are ids and event types, and are checked before the handler is called. */
  readonly path: string;
  /** What the route does, in one line. OpenAPI and docs/api.md show it. */
  readonly summary: string;
  /** The status of a success, and its body; null: none. */
  readonly success: readonly [status: number, body: z.ZodType<Result> | null];
  /** The codes of the 409s that it may answer with. */
  readonly conflicts?: readonly Conflict[];
  /** A body that it takes, of an application with the profile `standard` where it may have one. The document shows it. */
  readonly example?: unknown;
  /** Parameters of the query that it takes. The document shows them. */
  readonly exampleQuery?: Readonly<Record<string, string>>;
  /** Whether the body may be left out. */
  readonly bodyOptional?: boolean;
  /** Largest body in bytes; `MAX_BODY_BYTES` by default. */
  readonly maxBodyBytes?: number;
  readonly query?: z.ZodType<Query>;
}

/**
 * What a route does with the header `Idempotency-Key`. Every POST says so; all other methods refuse it.
 * `names_events`: the handler derives the ids of events from it, where the body gives none.
 * `remembered`: the handler creates through `once`. A repetition gets the first answer, without what `shownAgain` removes.
 * `refused`: 400. Repeating the request creates nothing twice.
 */
type MethodAndKey<Result> =
  | { readonly method: 'get' | 'patch' | 'delete'; readonly idempotencyKey?: undefined }
  | { readonly method: 'post'; readonly idempotencyKey: 'names_events' | 'refused' }
  | {
      readonly method: 'post';
      readonly idempotencyKey: 'remembered';
      readonly shownAgain?: (answer: Result) => Result;
    };

/** A route open to everybody, to everybody with a key, or to the administrator. */
export type PlainRoute<Body, Query, Result> = RouteBase<Query, Result> &
  MethodAndKey<Result> & {
    readonly access: 'public' | 'caller' | 'admin';
    readonly body?: z.ZodType<Body>;
    readonly handle: (call: Call<Body, Query, Result>) => Promise<Result>;
  };

/** A route under `/v1/apps/:app_id`, for the administrator and keys of that application; without it, for keys alone. */
type AppRouteDefinition<Body, Query, Result> = RouteBase<Query, Result> &
  MethodAndKey<Result> & {
    /** The body's schema, or how to make it for the application that is called. */
    readonly body?: z.ZodType<Body> | ((profile: Profile, appEventTypes: AppEventTypes) => z.ZodType<Body>);
    /** The key must have one of these; empty: any key of the application. */
    readonly scopes: readonly Scope[];
    readonly handle: (call: AppCall<Body, Query, Result>) => Promise<Result>;
  };
export type AppRoute<Body, Query, Result> = AppRouteDefinition<Body, Query, Result> & {
  readonly access: 'app';
};

/** A route with its schemas' types forgotten: what the server mounts. */
export type Route = PlainRoute<unknown, unknown, unknown> | AppRoute<unknown, unknown, unknown>;

export function route<Body = undefined, Query = undefined, Result = undefined>(
  definition: PlainRoute<Body, Query, Result>,
): Route {
  return definition as PlainRoute<unknown, unknown, unknown>;
}

/** Whether a request of the route may have an `Idempotency-Key`. */
export function takesIdempotencyKey({ idempotencyKey }: Route): boolean {
  return idempotencyKey !== undefined && idempotencyKey !== 'refused';
}

export function appRoute<Body = undefined, Query = undefined, Result = undefined>(
  definition: AppRouteDefinition<Body, Query, Result>,
): Route {
  return { ...definition, access: 'app' } as AppRoute<unknown, unknown, unknown>;
}

/** The name that a caller's requests are counted by. */
export function nameOf(caller: Caller): string {
  return caller.kind === 'admin' ? 'admin' : caller.key.id;
}

/** The caller: the administrator, or an application's key. */
export type Caller = { readonly kind: 'admin' } | { readonly kind: 'key'; readonly key: ApiKey };
