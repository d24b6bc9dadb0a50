import { useId, useState } from 'react';
import type { BodyOf } from '../../../client/index.js';
import { api, serverClock } from '../../api.js';
import { count } from '../../logic/stats.js';
import { absolute, timeFrom } from '../../logic/times.js';
import { ActionButton } from '../../parts/action-button.js';
import { Dialog } from '../../parts/dialog.js';
import { ProblemView } from '../../parts/problem.js';
import { useChange } from '../../parts/use-change.js';
import { RecoveryPreview } from './recovery-preview.js';

type Wanted = BodyOf<'/v1/apps/{app_id}/webhooks/{id}/recover', 'post'>;

const WHICH = [
  { value: 'failed', name: 'Failed' },
  { value: 'missing', name: 'Never delivered' },
  { value: 'all', name: 'All' },
] as const;
const DAY_MS = 86_400_000;

/** Delivers the events of a time to an endpoint once more: counted first, then done. */
export function RecoverDialog({
  app,
  id,
  onClose,
  onBegun,
}: {
  app: string;
  id: string;
  onClose: () => void;
  onBegun: () => void;
}) {
  const [status, setStatus] = useState<(typeof WHICH)[number]['value']>('failed');
  const [from, setFrom] = useState(() => absolute(serverClock.now() - DAY_MS));
  const [until, setUntil] = useState('now');
  const name = useId();
  const params = { path: { app_id: app, id } };

  const since = timeFrom(from, serverClock.now());
  const end = until.trim() === '' ? undefined : timeFrom(until, serverClock.now());
  const wanted = (): Wanted => ({
    status,
    since: new Date(since ?? 0).toISOString(),
    ...(typeof end === 'number' && until.trim().toLowerCase() !== 'now'
      ? { until: new Date(end).toISOString() }
      : {}),
  });
  const wrong = since === null || end === null ? 'Write a time like 2026-11-30 12:00, 12:00, or 2 h.' : null;

  const preview = useChange(
    async (body: Wanted) => ({
      body,
      ...(await api.POST('/v1/apps/{app_id}/webhooks/{id}/recover/preview', { params, body })).data,
    }),
    { onError: () => undefined },
  );
  const recover = useChange(
    async (body: Wanted) => {
      await api.POST('/v1/apps/{app_id}/webhooks/{id}/recover', { params, body });
    },
    { done: 'The recovery has begun.', onError: () => undefined, onDone: onBegun },
  );
  const previewed = preview.data;
  // What was counted no longer is what is asked for.
  const changed = () => preview.reset();
  const error = preview.error ?? recover.error;

  return (
    <Dialog title="Recover events" onClose={onClose}>
      <p>Delivers the events of a time to this endpoint once more, the oldest first.</p>
      <fieldset className="field choices">
        <legend className="legend">Which</legend>
        {WHICH.map((which) => (
          <label key={which.value} className="check">
            <input
              type="radio"
              name={name}
              checked={status === which.value}
              onChange={() => {
                setStatus(which.value);
                changed();
              }}
            />
            {which.name}
          </label>
        ))}
      </fieldset>
      <div className="field-pair">
        <div className="field">
          <label htmlFor={`${name}-from`}>From</label>
          <input
            id={`${name}-from`}
            value={from}
            autoComplete="off"
            aria-invalid={since === null}
            onChange={({ target }) => {
              setFrom(target.value);
              changed();
            }}
          />
        </div>
        <div className="field">
          <label htmlFor={`${name}-until`}>Until</label>
          <input
            id={`${name}-until`}
            value={until}
            autoComplete="off"
            aria-invalid={end === null}
            onChange={({ target }) => {
              setUntil(target.value);
              changed();
            }}
          />
        </div>
      </div>
      {wrong !== null && <p className="field-error">{wrong}</p>}
      <ActionButton
        needs="webhooks:write"
        isBusy={preview.isPending}
        refusal={wrong}
        onClick={() => preview.mutate(wanted())}
      >
        Preview
      </ActionButton>
      <div role="status" aria-label="Recovery preview" className="preview">
        {previewed && <RecoveryPreview preview={previewed} />}
      </div>
      {error && <ProblemView error={error} />}
      <p className="help">Your receiver sees the same ids again: it must tell repetitions by them.</p>
      <div className="dialog-actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <ActionButton
          needs="webhooks:write"
          kind="primary"
          isBusy={recover.isPending}
          refusal={
            previewed === undefined
              ? 'Preview first.'
              : previewed.total === 0
                ? 'There is nothing to recover.'
                : null
          }
          onClick={() => previewed && recover.mutate(previewed.body)}
        >
          {`Recover ${previewed === undefined ? '' : `${count(previewed.total)} `}events`}
        </ActionButton>
      </div>
    </Dialog>
  );
}
