import { useQuery } from '@tanstack/react-query';
import { Page } from '../../parts/page.js';
import { appQuery } from '../../queries.js';
import { VerifyPanel } from './verify-panel.js';

export default function VerifyPage({ app }: { app: string }) {
  const { data: application } = useQuery(appQuery(app));
  return (
    <Page title="Verify">
      {application && <VerifyPanel key={application.id} profile={application.profile} />}
    </Page>
  );
}
