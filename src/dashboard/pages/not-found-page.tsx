import { NotFound } from '../parts/not-found.js';
import { Page } from '../parts/page.js';

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <NotFound />
    </Page>
  );
}
