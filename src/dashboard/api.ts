import { createPosthorn, type Fetch } from '../client/index.js';
import { problemOf } from '../client/problem.js';
import { ServerClock } from './logic/server-clock.js';
import { csrfHeaders, renewSession, sessionHasEnded } from './session.js';

export const serverClock = new ServerClock();

/** The browser adds the session's cookie by itself; a change also needs what another site's page cannot know. */
const fetchWithSession: Fetch = async (url, init) => {
  const sentAt = Date.now();
  const reads = init.method === 'GET' || init.method === 'HEAD';
  const send = () => fetch(url, reads ? init : { ...init, headers: { ...init.headers, ...csrfHeaders() } });
  let response = await send();
  // Nothing was changed: another tab has signed in since.
  if (response.status === 403 && !reads && (await isForged(response)) && (await renewSession())) {
    response = await send();
  }
  serverClock.observe(response.headers.get('date'), sentAt, Date.now());
  if (response.status === 401) sessionHasEnded();
  return response;
};

async function isForged(response: Response): Promise<boolean> {
  const { code } = await problemOf('', response.clone());
  return code === 'csrf';
}

/** One repetition: a person who waits is told what is wrong sooner, and has a button. */
export const { api } = createPosthorn({
  url: '',
  key: null,
  fetch: fetchWithSession,
  retries: 1,
  timeoutMs: 15_000,
});
