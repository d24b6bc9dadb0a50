import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import type { BodyOf } from '../../../client/index.js';
import { api } from '../../api.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Dialog } from '../../parts/dialog.js';
import { ProblemView } from '../../parts/problem.js';
import { useChange } from '../../parts/use-change.js';
import { profilesQuery } from '../../queries.js';
import { routes } from '../../routes.js';

type NewApplication = BodyOf<'/v1/apps', 'post'>;

export function AddApplicationDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [profile, setProfile] = useState('standard');
  const { data: profiles = [] } = useQuery(profilesQuery());
  const id = useId();
  const add = useChange(async (body: NewApplication) => (await api.POST('/v1/apps', { body })).data, {
    onError: () => undefined,
  });

  if (add.data) {
    const { app, api_key: apiKey } = add.data;
    return (
      <Dialog title="Application added" onClose={onClose}>
        <p>
          This is the key of <bdi>{app.name}</bdi>. It is shown once: keep it now.
        </p>
        <div className="secret-row">
          <input readOnly aria-label="Key" className="mono" value={apiKey.key ?? ''} />
          <CopyButton text={apiKey.key ?? ''} name="Copy key" label="Copy" />
        </div>
        <div className="dialog-actions">
          <Link className="button primary" href={routes.app(app.id)}>
            Open application
          </Link>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="Add application" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ name: name.trim(), profile: profile as NewApplication['profile'] & string });
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            required
            value={name}
            autoComplete="off"
            onChange={({ target }) => setName(target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-profile`}>Profile</label>
          <select id={`${id}-profile`} value={profile} onChange={({ target }) => setProfile(target.value)}>
            {profiles.map((each) => (
              <option key={each.id} value={each.id}>
                {each.title}
              </option>
            ))}
          </select>
          <p className="help">It decides how deliveries look, are signed and are tried again.</p>
        </div>
        {add.error && <ProblemView error={add.error} />}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={add.isPending}>
            Add application
          </button>
        </div>
      </form>
    </Dialog>
  );
}
