import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Cell, Row, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { appsQuery, type Application } from '../../queries.js';
import { routes } from '../../routes.js';
import { AddApplicationDialog } from './add-application-dialog.js';
import { AppNumbers } from './app-numbers.js';

export function AppsPage() {
  const query = useQuery(appsQuery());
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Page
      title="Applications"
      actions={
        <button type="button" className="primary" onClick={() => setIsAdding(true)}>
          <Plus aria-hidden size={16} /> Add application
        </button>
      }
    >
      <Loaded query={query}>
        {(apps) =>
          apps.length === 0 ? (
            <Empty title="No applications yet.">
              <p>An application is one of your products or customers. It has endpoints of its own.</p>
            </Empty>
          ) : (
            <Applications apps={apps} />
          )
        }
      </Loaded>
      {isAdding && <AddApplicationDialog onClose={() => setIsAdding(false)} />}
    </Page>
  );
}

function Applications({ apps }: { apps: readonly Application[] }) {
  return (
    <Table name="Applications" columns={['Name', 'Profile', 'Last 24 hours', 'Created']}>
      {apps.map(({ id, name, profile, created_at: createdAt }) => (
        <Row key={id}>
          <Cell>
            <Link href={routes.app(id)}>
              <bdi>{name}</bdi>
            </Link>
          </Cell>
          <Cell label="Profile">{profile}</Cell>
          <Cell label="Last 24 hours">
            <AppNumbers app={id} />
          </Cell>
          <Cell label="Created">
            <Time at={createdAt} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
