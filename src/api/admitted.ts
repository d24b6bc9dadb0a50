import type { Request } from 'express';
import { keyIn } from './auth.js';
import type { ApiContext } from './context.js';
import { problems } from './problem.js';
import type { Caller } from './route.js';

/**
 * Who calls, if they may call now. A right key is served wherever it comes from: wrong ones from the same address
 * cannot shut it out.
 * @throws Problem 401, 429
 */
export async function admitted(
  { authenticator, limits }: Pick<ApiContext, 'authenticator' | 'limits'>,
  request: Request,
): Promise<Caller> {
  const { authorization } = request.headers;
  const caller = await authenticator.callerOf(authorization);
  if (!caller) {
    if (keyIn(authorization) !== undefined) await limits.failedAuthentication(request.ip);
    throw problems.unauthorized();
  }
  await limits.request(nameOf(caller));
  return caller;
}

/** What a caller's requests are counted under. */
export function nameOf(caller: Caller): string {
  return caller.kind === 'admin' ? 'admin' : caller.key.id;
}
