import { useId, useState } from 'react';
import { api } from '../../api.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Dialog } from '../../parts/dialog.js';
import { ProblemView } from '../../parts/problem.js';
import { useChange } from '../../parts/use-change.js';
import type { Scope } from '../../session.js';

const SCOPES: readonly { scope: Scope; says: string }[] = [
  { scope: 'webhooks:read', says: 'sees endpoints' },
  { scope: 'webhooks:write', says: 'changes endpoints and sees secrets' },
  { scope: 'events:read', says: 'sees events and deliveries' },
  { scope: 'events:write', says: 'sends, resends and cancels events' },
];

export function AddKeyDialog({ app, onClose }: { app: string; onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(SCOPES.map(({ scope }) => scope));
  const id = useId();
  const add = useChange(
    async () => {
      const params = { path: { app_id: app } };
      const body = { scopes: [...scopes], ...(name.trim() === '' ? {} : { name: name.trim() }) };
      return (await api.POST('/v1/apps/{app_id}/keys', { params, body })).data.api_key;
    },
    { onError: () => undefined },
  );
  if (add.data) {
    return (
      <Dialog title="Key added" onClose={onClose}>
        <p>It is shown once: keep it now.</p>
        <div className="secret-row">
          <input readOnly aria-label="Key" className="mono" value={add.data.key ?? ''} />
          <CopyButton text={add.data.key ?? ''} name="Copy key" label="Copy" />
        </div>
        <div className="dialog-actions">
          <button type="button" className="primary" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="Add key" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <div className="field">
          <label htmlFor={id}>Name</label>
          <input id={id} autoComplete="off" value={name} onChange={({ target }) => setName(target.value)} />
        </div>
        <fieldset className="field">
          <legend className="legend">Scopes</legend>
          {SCOPES.map(({ scope, says }) => (
            <label key={scope} className="check">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={({ target }) =>
                  setScopes(target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))
                }
              />
              <span>
                {scope} <span className="muted">{says}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {add.error && <ProblemView error={add.error} />}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={add.isPending || scopes.length === 0}>
            Add key
          </button>
        </div>
      </form>
    </Dialog>
  );
}
