import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api.js';
import { errorOf } from '../../logic/field-errors.js';
import { jsonFrom } from '../../logic/json-from.js';
import { ActionButton } from '../../parts/action-button.js';
import { Field } from '../../parts/field.js';
import { Page } from '../../parts/page.js';
import { useChange } from '../../parts/use-change.js';
import { fieldsRefused, WrongFields } from '../../parts/wrong-fields.js';
import { eventTypesQuery } from '../../queries.js';
import { routes } from '../../routes.js';

const FIELDS = {
  '/event_type': { id: 'event-type', label: 'Event type' },
  '/data': { id: 'event-data', label: 'Data' },
  '/id': { id: 'event-id', label: 'Event id' },
};

/** Sends an event by hand. */
export function SendEventPage({ app }: { app: string }) {
  const [type, setType] = useState('');
  const [text, setText] = useState('{}');
  const [id, setId] = useState('');
  const { data: eventTypes = [] } = useQuery(eventTypesQuery(app));
  const [, navigate] = useLocation();
  const { value, problem } = jsonFrom(text);
  const example = eventTypes.find(({ name }) => name === type)?.example;

  const send = useChange(
    async () => {
      const body = { event_type: type.trim(), data: value, ...(id.trim() === '' ? {} : { id: id.trim() }) };
      const params = { path: { app_id: app } };
      return (await api.POST('/v1/apps/{app_id}/events', { params, body })).data.event;
    },
    {
      done: 'The event is accepted.',
      onError: () => undefined,
      onDone: (event) => navigate(routes.event(app, event.id)),
    },
  );
  const wrong = fieldsRefused(send.error, FIELDS);

  return (
    <Page title="Send event" back={{ to: routes.events(app), text: 'Events' }}>
      <form className="card form" noValidate onSubmit={(event) => event.preventDefault()}>
        {send.error && <WrongFields error={send.error} wrong={wrong} />}
        <Field id="event-type" label="Event type" error={errorOf(wrong, 'event-type')}>
          {(described) => (
            <>
              <input
                {...described}
                className="mono"
                autoComplete="off"
                spellCheck={false}
                list="event-type-names"
                placeholder="order.paid"
                value={type}
                onChange={({ target }) => setType(target.value)}
              />
              <datalist id="event-type-names">
                {eventTypes.map(({ name }) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field id="event-data" label="Data" help="JSON." error={problem ?? errorOf(wrong, 'event-data')}>
          {(described) => (
            <textarea
              {...described}
              className="mono"
              rows={10}
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        {example && (
          <p className="field">
            <button type="button" onClick={() => setText(JSON.stringify(example, null, 2))}>
              Use the example of {type}
            </button>
          </p>
        )}
        <Field
          id="event-id"
          label="Event id"
          isOptional
          help="Posthorn makes one without it. The same id is delivered once."
          error={errorOf(wrong, 'event-id')}
        >
          {(described) => (
            <input
              {...described}
              className="mono"
              autoComplete="off"
              spellCheck={false}
              value={id}
              onChange={({ target }) => setId(target.value)}
            />
          )}
        </Field>
        <div className="form-actions">
          <ActionButton
            needs="events:write"
            kind="primary"
            isBusy={send.isPending}
            refusal={problem === null ? null : 'The data is not JSON.'}
            onClick={() => send.mutate()}
          >
            Send event
          </ActionButton>
        </div>
      </form>
    </Page>
  );
}
