import { createPosthorn, type Fetch } from '../client/index.js';
import { ServerClock } from './logic/server-clock.js';
import { csrfHeaders, sessionHasEnded } from './session.js';

export const serverClock = new ServerClock();

/** The browser adds the session's cookie by itself; a change also needs what another site's page cannot know. */
const fetchWithSession: Fetch = async (url, init) => {
  const sentAt = Date.now();
  const reads = init.method === 'GET' || init.method === 'HEAD';
  const response = await fetch(url, {
    ...init,
    headers: reads ? init.headers : { ...init.headers, ...csrfHeaders() },
  });
  serverClock.observe(response.headers.get('date'), sentAt, Date.now());
  if (response.status === 401) sessionHasEnded();
  return response;
};

/** One repetition: a person who waits is told what is wrong sooner, and has a button. */
export const { api } = createPosthorn({
  url: '',
  key: null,
  fetch: fetchWithSession,
  retries: 1,
  timeoutMs: 15_000,
});
