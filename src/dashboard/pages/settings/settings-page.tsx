import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { appQuery } from '../../queries.js';
import { routes } from '../../routes.js';
import { isAdmin, useSession } from '../../session.js';
import { SettingsForm } from './settings-form.js';

export function SettingsPage({ app }: { app: string }) {
  const query = useQuery(appQuery(app));
  const session = useSession();
  return (
    <Page
      title="Settings"
      actions={
        isAdmin(session) && (
          <>
            <Link className="button" href={routes.keys(app)}>
              Keys
            </Link>
            <Link className="button" href={routes.system()}>
              System
            </Link>
          </>
        )
      }
    >
      <Loaded query={query}>
        {(application) => <SettingsForm key={application.id} application={application} />}
      </Loaded>
    </Page>
  );
}
