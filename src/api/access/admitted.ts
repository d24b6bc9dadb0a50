import type { Request } from 'express';
import { keyIn } from './auth.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { nameOf, type Caller } from '../http/route.js';

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
