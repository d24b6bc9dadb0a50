import { routes } from '../../routes.js';
import { isAdmin, type Session } from '../../session.js';

/** The pages that one can go to from anywhere. */
export function goals(app: string | null, session: Session): readonly { name: string; to: string }[] {
  const ofApp =
    app === null
      ? []
      : [
          { name: 'Overview', to: routes.app(app) },
          { name: 'Endpoints', to: routes.endpoints(app) },
          { name: 'Add endpoint', to: routes.newEndpoint(app) },
          { name: 'Events', to: routes.events(app) },
          { name: 'Send event', to: routes.newEvent(app) },
          { name: 'Deliveries', to: routes.deliveries(app) },
          { name: 'Event types', to: routes.eventTypes(app) },
          { name: 'Verify', to: routes.verify(app) },
          { name: 'Settings', to: routes.settings(app) },
        ];
  if (!isAdmin(session)) return ofApp;
  const keys = app === null ? [] : [{ name: 'Keys', to: routes.keys(app) }];
  return [
    ...ofApp,
    ...keys,
    { name: 'Applications', to: routes.apps() },
    { name: 'System', to: routes.system() },
  ];
}
