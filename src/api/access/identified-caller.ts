import type { Request } from 'express';
import { credentialOf } from './credentials.js';
import { assertNotForged } from './same-origin.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { nameOf, type Caller } from '../http/route.js';

/**
 * Identifies the caller, and checks that it may call now. A valid key is always served: wrong keys from the same address
 * cannot lock it out.
 * @throws Problem 401, 403, 429
 */
export async function identifiedCaller(
  { authenticator, limits }: Pick<ApiContext, 'authenticator' | 'limits'>,
  request: Request,
): Promise<Caller> {
  const credential = credentialOf(request);
  const caller = await authenticator.callerOf(credential);
  if (!caller) {
    // A session that has ended is no attempt to guess one: its page asks again until its person signs in.
    if (credential?.kind === 'session') throw problems.notSignedIn();
    if (credential?.kind === 'key') await limits.failedAuthentication(request.ip);
    throw problems.unauthorized();
  }
  if (credential?.kind === 'session') assertNotForged(request, credential.token);
  await limits.request(nameOf(caller));
  return caller;
}
