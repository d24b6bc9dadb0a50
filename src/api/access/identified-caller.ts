import type { Request } from 'express';
import { keyIn } from './auth.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { nameOf, type Caller } from '../http/route.js';

/**
 * Identifies the caller, and checks that it may call now. A valid key is always served: wrong keys from the same address
 * cannot lock it out.
 * @throws Problem 401, 429
 */
export async function identifiedCaller(
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
