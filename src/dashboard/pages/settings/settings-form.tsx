import { useState } from 'react';
import { api } from '../../api.js';
import { errorOf } from '../../logic/field-errors.js';
import { numberIn } from '../../logic/numbers.js';
import { ActionButton } from '../../parts/action-button.js';
import { adminOnly } from '../../parts/admin-only.js';
import { Field } from '../../parts/field.js';
import { useChange } from '../../parts/use-change.js';
import { fieldsRefused, WrongFields } from '../../parts/wrong-fields.js';
import type { Application } from '../../queries.js';
import { useSession } from '../../session.js';

/** The numbers of an application's settings. */
const NUMBERS = [
  {
    name: 'hold_hours',
    label: 'Hold for',
    help: 'Hours that a delivery waits for a paused or disabled endpoint.',
  },
  {
    name: 'drain_per_second',
    label: 'Drain rate',
    help: 'Held deliveries a second, once the endpoint is active again.',
  },
  {
    name: 'disable_after_failures',
    label: 'Disable after failures',
    help: 'Deliveries in a row that fail for good. Empty: as the profile has it. 0: never.',
  },
  {
    name: 'disable_after_hours',
    label: 'Disable after hours',
    help: 'Hours in which all attempts fail. Empty: as the profile has it. 0: never.',
  },
] as const;

type NumberName = (typeof NUMBERS)[number]['name'];

const FIELDS = {
  '/name': { id: 'app-name', label: 'Name' },
  ...Object.fromEntries(
    NUMBERS.map(({ name, label }) => [`/settings/${name}`, { id: `app-${name}`, label }]),
  ),
};

export function SettingsForm({ application }: { application: Application }) {
  const { id, settings, profile } = application;
  const [name, setName] = useState(application.name);
  const [before, setBefore] = useState<Record<NumberName, string>>({
    hold_hours: String(settings.hold_hours),
    drain_per_second: String(settings.drain_per_second),
    disable_after_failures: String(settings.disable_after_failures ?? ''),
    disable_after_hours: String(settings.disable_after_hours ?? ''),
  });
  const [numbers, setNumbers] = useState(before);
  const refusal = adminOnly(useSession());
  const save = useChange(
    async () => {
      await api.PATCH('/v1/apps/{app_id}', {
        params: { path: { app_id: id } },
        body: {
          name: name.trim(),
          // What nobody has changed here may have been changed elsewhere.
          settings: Object.fromEntries(
            NUMBERS.filter(({ name: each }) => numbers[each] !== before[each]).map(({ name: each }) => [
              each,
              numberIn(numbers[each]),
            ]),
          ),
        },
      });
      setBefore(numbers);
    },
    { done: 'Saved.', onError: () => undefined },
  );
  const wrong = fieldsRefused(save.error, FIELDS);

  return (
    <form
      className="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal === null) save.mutate();
      }}
    >
      {save.error && <WrongFields error={save.error} wrong={wrong} />}
      <dl className="facts form-facts">
        <div>
          <dt>Profile</dt>
          <dd>{profile}</dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd>
            <code>{id}</code>
          </dd>
        </div>
      </dl>
      <Field id="app-name" label="Name" error={errorOf(wrong, 'app-name')}>
        {(described) => (
          <input
            {...described}
            value={name}
            autoComplete="off"
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      {NUMBERS.map((each) => (
        <Field
          key={each.name}
          id={`app-${each.name}`}
          label={each.label}
          help={each.help}
          error={errorOf(wrong, `app-${each.name}`)}
        >
          {(described) => (
            <input
              {...described}
              type="number"
              min={0}
              value={numbers[each.name]}
              onChange={({ target }) => setNumbers({ ...numbers, [each.name]: target.value })}
            />
          )}
        </Field>
      ))}
      <div className="form-actions">
        <ActionButton
          needs="webhooks:write"
          kind="primary"
          isBusy={save.isPending}
          refusal={refusal}
          onClick={() => save.mutate()}
        >
          Save
        </ActionButton>
        {refusal !== null && <p className="muted">{refusal}</p>}
      </div>
    </form>
  );
}
