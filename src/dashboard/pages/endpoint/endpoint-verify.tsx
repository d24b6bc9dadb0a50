import { useQuery } from '@tanstack/react-query';
import { api } from '../../api.js';
import { appQuery } from '../../queries.js';
import { VerifyPanel } from '../verify/verify-panel.js';

export default function EndpointVerify({ app, id }: { app: string; id: string }) {
  const { data: application } = useQuery(appQuery(app));
  const readSecret = async () => {
    const params = { path: { app_id: app, id } };
    return (await api.GET('/v1/apps/{app_id}/webhooks/{id}/secret', { params })).data.secret;
  };
  return application && <VerifyPanel profile={application.profile} readSecret={readSecret} />;
}
