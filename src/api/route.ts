import type { z } from 'zod';
import type { Profile } from '../profiles/profile.js';
import type { ApiKey, Scope } from '../store/api-keys.js';
import type { App } from '../store/apps.js';
import type { AppEventTypes } from './app-event-types.js';
import type { Conflict } from './problem.js';

/** What every handler is given. */
export interface Call<Body, Query> {
  /** Whose requests are counted together: a key's id, or `admin`. Empty on public routes. */
  readonly caller: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  /** The header's value, on the routes that read it. */
  readonly idempotencyKey: string | undefined;
}

/** What the handler of a route under `/v1/apps/:app_id` is given: the application exists, and the key may use it. */
export interface AppCall<Body, Query> extends Call<Body, Query> {
  readonly app: App;
  readonly profile: Profile;
}

interface RouteBase<Query, Result> {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** In Express's form; its parameters are ids and event types, and are checked before the handler is called. */
  readonly path: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** The status of a success, and its body; null: none. */
  readonly success: readonly [status: number, body: z.ZodType<Result> | null];
  /** The codes of the 409s that it may answer with. */
  readonly conflicts?: readonly Conflict[];
  /** Whether the body may be left out. */
  readonly bodyOptional?: boolean;
  readonly query?: z.ZodType<Query>;
  /** Whether it reads the header `Idempotency-Key`. */
  readonly idempotent?: boolean;
}

/** A route open to everybody, or to the administrator. */
export interface PlainRoute<Body, Query, Result> extends RouteBase<Query, Result> {
  readonly access: 'public' | 'admin';
  readonly body?: z.ZodType<Body>;
  readonly handle: (call: Call<Body, Query>) => Promise<Result>;
}

/** A route under `/v1/apps/:app_id`, for the administrator and keys of that application; without it, for keys alone. */
export interface AppRoute<Body, Query, Result> extends RouteBase<Query, Result> {
  readonly access: 'app';
  /** The body's schema, or how to make it for the application that is called. */
  readonly body?: z.ZodType<Body> | ((profile: Profile, appEventTypes: AppEventTypes) => z.ZodType<Body>);
  /** Of these the key must have one; empty: every key of the application will do. */
  readonly scopes: readonly Scope[];
  readonly handle: (call: AppCall<Body, Query>) => Promise<Result>;
}

/** A route with its schemas' types forgotten: what the server mounts. */
export type Route = PlainRoute<unknown, unknown, unknown> | AppRoute<unknown, unknown, unknown>;

export function route<Body = undefined, Query = undefined, Result = undefined>(
  definition: PlainRoute<Body, Query, Result>,
): Route {
  return definition as PlainRoute<unknown, unknown, unknown>;
}

export function appRoute<Body = undefined, Query = undefined, Result = undefined>(
  definition: Omit<AppRoute<Body, Query, Result>, 'access'>,
): Route {
  return { ...definition, access: 'app' } as AppRoute<unknown, unknown, unknown>;
}

/** What a caller's requests are counted by. */
export function nameOf(caller: Caller): string {
  return caller.kind === 'admin' ? 'admin' : caller.key.id;
}

/** Who called: the administrator, or an application's key. */
export type Caller = { readonly kind: 'admin' } | { readonly kind: 'key'; readonly key: ApiKey };
