import { useEffect, useEffectEvent } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { queryClient } from './query-client.js';
import {
  askForSession,
  isAdmin,
  SessionContext,
  signInByLink,
  useSessionState,
  type Session,
} from './session.js';
import { routes } from './routes.js';
import { notifyError } from './notify.js';
import { ErrorBoundary } from './parts/error-boundary.js';
import { Notifications } from './parts/notifications.js';
import { ProblemView } from './parts/problem.js';
import { Shell } from './parts/shell.js';
import { AppsPage } from './pages/apps/apps-page.js';
import { ApplicationPages } from './pages/application-pages.js';
import { NotFoundPage } from './pages/not-found-page.js';
import { SystemPage } from './pages/system/system-page.js';
import { LinkDialog } from './pages/sign-in/link-dialog.js';
import { SignInDialog } from './pages/sign-in/sign-in-dialog.js';
import { SignInPage } from './pages/sign-in/sign-in-page.js';
import { onceFrom } from './logic/once-token.js';

export function App() {
  const state = useSessionState();
  const [, navigate] = useLocation();

  const begin = useEffectEvent(async () => {
    const token = onceFrom(location.hash);
    if (token === null) return askForSession();
    // Out of the address first: it must not be copied with it, nor stay in the history.
    history.replaceState(history.state, '', location.pathname + location.search);
    try {
      await signInByLink(token);
    } catch (error) {
      await askForSession();
      notifyError(error);
    }
  });
  useEffect(() => {
    void begin();
    // A link that is opened where the page is open already changes the fragment alone.
    const open = () => void (onceFrom(location.hash) !== null && begin());
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, []);

  const kind = state.kind;
  useEffect(() => {
    if (kind === 'none') queryClient.clear();
  }, [kind]);

  return (
    <>
      {state.kind === 'failed' && (
        <main className="lone">
          <ProblemView error={state.error} onRetry={() => void askForSession()} />
        </main>
      )}
      {state.kind === 'none' && <SignInPage />}
      {'session' in state && (
        <SessionContext value={state.session}>
          <Shell>
            <ErrorBoundary>
              <Pages session={state.session} />
            </ErrorBoundary>
          </Shell>
          {state.kind === 'offered' && <LinkDialog link={state.link} />}
          {state.kind === 'ended' && <SignInDialog onOther={() => navigate('/')} />}
        </SessionContext>
      )}
      <Notifications />
    </>
  );
}

function Pages({ session }: { session: Session }) {
  const home = session.app_id === null ? routes.apps() : routes.app(session.app_id);
  return (
    <Switch>
      <Route path="/">
        <Redirect to={home} replace />
      </Route>
      {isAdmin(session) && (
        <Route path="/apps">
          <AppsPage />
        </Route>
      )}
      {isAdmin(session) && (
        <Route path="/system">
          <SystemPage />
        </Route>
      )}
      <Route path="/apps/:app/*?">{({ app }) => <ApplicationPages key={app} app={app} />}</Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
