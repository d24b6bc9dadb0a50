import { useId, useState } from 'react';
import { explain, profiles, type Explanation, type Profile } from '../../../verify/index.js';
import { headersFrom } from '../../logic/headers-from.js';
import { ActionButton } from '../../parts/action-button.js';
import { useChange } from '../../parts/use-change.js';
import { Findings } from './findings.js';

const PROFILES = Object.keys(profiles) as Profile[];

export function Playground({
  profile,
  onProfile,
  readSecret,
}: {
  profile: Profile;
  onProfile: (profile: Profile) => void;
  readSecret?: () => Promise<string>;
}) {
  const [headers, setHeaders] = useState('');
  const [body, setBody] = useState('');
  const [secret, setSecret] = useState('');
  const [found, setFound] = useState<Explanation | null>(null);
  const id = useId();
  const verify = useChange(() => explain(body, headersFrom(headers), { secret, profile }), {
    onDone: setFound,
  });
  const read = useChange(async () => setSecret((await readSecret?.()) ?? ''));

  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        verify.mutate();
      }}
    >
      <h2>Why is the signature refused?</h2>
      <p className="help">
        Paste a request as your receiver got it. It is checked in this browser and sent nowhere.
      </p>
      <div className="field">
        <label htmlFor={`${id}-headers`}>Headers</label>
        <textarea
          id={`${id}-headers`}
          className="mono"
          spellCheck={false}
          placeholder={'webhook-id: …\nwebhook-timestamp: …\nwebhook-signature: v1,…'}
          value={headers}
          onChange={({ target }) => setHeaders(target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-body`}>Body</label>
        <textarea
          id={`${id}-body`}
          className="mono"
          spellCheck={false}
          value={body}
          onChange={({ target }) => setBody(target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-secret`}>Secret</label>
        <div className="secret-row">
          <input
            id={`${id}-secret`}
            className="mono"
            autoComplete="off"
            spellCheck={false}
            value={secret}
            onChange={({ target }) => setSecret(target.value)}
          />
          {readSecret && (
            <ActionButton needs="webhooks:write" isBusy={read.isPending} onClick={() => read.mutate()}>
              Use this endpoint’s
            </ActionButton>
          )}
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-profile`}>Profile</label>
        <select
          id={`${id}-profile`}
          value={profile}
          onChange={({ target }) => onProfile(PROFILES.find((each) => each === target.value) ?? 'standard')}
        >
          {PROFILES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </div>
      <button type="submit" className="primary" disabled={verify.isPending}>
        Verify
      </button>
      {found && <Findings found={found} />}
    </form>
  );
}
