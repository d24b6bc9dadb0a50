import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api.js';
import { ActionButton } from '../../parts/action-button.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Cell, Row, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useChange } from '../../parts/use-change.js';
import { keysQuery } from '../../queries.js';
import { routes } from '../../routes.js';
import { AddKeyDialog } from './add-key-dialog.js';

export function KeysPage({ app }: { app: string }) {
  const query = useQuery(keysQuery(app));
  const [isAdding, setIsAdding] = useState(false);
  const revoke = useChange(
    async (id: string) => {
      await api.DELETE('/v1/apps/{app_id}/keys/{id}', { params: { path: { app_id: app, id } } });
    },
    { done: 'The key is revoked.' },
  );
  return (
    <Page
      title="Keys"
      back={{ to: routes.settings(app), text: 'Settings' }}
      actions={
        <button type="button" className="primary" onClick={() => setIsAdding(true)}>
          <Plus aria-hidden size={16} /> Add key
        </button>
      }
    >
      <Loaded query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title="No keys.">
              <p>Only the admin key may use this application.</p>
            </Empty>
          ) : (
            <Table name="Keys" columns={['Name', 'Scopes', 'Created', 'Revoke']}>
              {keys.map((key) => (
                <Row key={key.id}>
                  <Cell>{key.name ?? <span className="muted">no name</span>}</Cell>
                  <Cell label="Scopes">{key.scopes.join(', ')}</Cell>
                  <Cell label="Created">
                    <Time at={key.created_at} />
                  </Cell>
                  <Cell label="Revoke">
                    <span className="row-actions">
                      <ActionButton
                        needs="webhooks:write"
                        kind="danger"
                        name={`Revoke ${key.name ?? key.id}`}
                        isBusy={revoke.isPending}
                        onClick={() => revoke.mutate(key.id)}
                      >
                        Revoke
                      </ActionButton>
                    </span>
                  </Cell>
                </Row>
              ))}
            </Table>
          )
        }
      </Loaded>
      {isAdding && <AddKeyDialog app={app} onClose={() => setIsAdding(false)} />}
    </Page>
  );
}
