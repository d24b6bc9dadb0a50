import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api.js';
import { errorOf } from '../../logic/field-errors.js';
import { numberIn } from '../../logic/numbers.js';
import { ActionButton } from '../../parts/action-button.js';
import { EventTypeChoice } from '../../parts/event-type-choice.js';
import { Field } from '../../parts/field.js';
import { useChange } from '../../parts/use-change.js';
import { fieldsRefused, WrongFields } from '../../parts/wrong-fields.js';
import { eventTypesQuery, type Webhook } from '../../queries.js';

const FIELDS = {
  '/webhook/url': { id: 'endpoint-url', label: 'Endpoint URL' },
  '/webhook/description': { id: 'endpoint-description', label: 'Description' },
  '/webhook/event_types': { id: 'endpoint-events', label: 'Events' },
  '/webhook/retry_limit': { id: 'endpoint-retries', label: 'Retries' },
  '/webhook/rate_limit': { id: 'endpoint-rate', label: 'Attempts per second' },
  '/webhook/max_in_flight': { id: 'endpoint-in-flight', label: 'Attempts at the same time' },
};

/** What of an endpoint can be changed. It holds from the next attempt on. */
export function EndpointSettings({ app, endpoint }: { app: string; endpoint: Webhook }) {
  const [url, setUrl] = useState(endpoint.url);
  const [description, setDescription] = useState(endpoint.description ?? '');
  const [patterns, setPatterns] = useState([...endpoint.event_types]);
  const [retries, setRetries] = useState(String(endpoint.retry_limit));
  const [rate, setRate] = useState(String(endpoint.rate_limit ?? ''));
  const [inFlight, setInFlight] = useState(String(endpoint.max_in_flight ?? ''));
  const { data: eventTypes = [] } = useQuery(eventTypesQuery(app));
  const [before, setBefore] = useState(endpoint);
  const save = useChange(
    async () => {
      // What nobody has changed here may have been changed elsewhere, or be the profile's.
      const webhook = {
        ...(url.trim() === before.url ? {} : { url: url.trim() }),
        ...(description.trim() === (before.description ?? '')
          ? {}
          : { description: description.trim() === '' ? null : description.trim() }),
        ...(patterns.join() === before.event_types.join() ? {} : { event_types: patterns }),
        ...changedNumber('retry_limit', retries, before.retry_limit),
        ...changedNumber('rate_limit', rate, before.rate_limit),
        ...changedNumber('max_in_flight', inFlight, before.max_in_flight),
      };
      const { data } = await api.PATCH('/v1/apps/{app_id}/webhooks/{id}', {
        params: { path: { app_id: app, id: endpoint.id } },
        body: { webhook },
      });
      setBefore(data.webhook);
    },
    { done: 'Saved. It holds from the next attempt on.', onError: () => undefined },
  );
  const wrong = fieldsRefused(save.error, FIELDS);
  const number = (id: string, label: string, help: string, value: string, set: (value: string) => void) => (
    <Field id={id} label={label} help={help} error={errorOf(wrong, id)}>
      {(described) => (
        <input
          {...described}
          inputMode="decimal"
          value={value}
          onChange={({ target }) => set(target.value)}
        />
      )}
    </Field>
  );

  return (
    <form className="card form" noValidate onSubmit={(event) => event.preventDefault()}>
      {save.error && <WrongFields error={save.error} wrong={wrong} />}
      <Field id="endpoint-url" label="Endpoint URL" error={errorOf(wrong, 'endpoint-url')}>
        {(described) => (
          <input {...described} type="url" value={url} onChange={({ target }) => setUrl(target.value)} />
        )}
      </Field>
      <Field id="endpoint-description" label="Description" error={errorOf(wrong, 'endpoint-description')}>
        {(described) => (
          <input {...described} value={description} onChange={({ target }) => setDescription(target.value)} />
        )}
      </Field>
      <EventTypeChoice
        id="endpoint-events"
        types={eventTypes.map(({ name }) => name)}
        chosen={patterns}
        error={errorOf(wrong, 'endpoint-events')}
        onChange={setPatterns}
      />
      {number(
        'endpoint-retries',
        'Retries',
        'After the first attempt. Empty: as the profile has it.',
        retries,
        setRetries,
      )}
      {number('endpoint-rate', 'Attempts per second', 'At most. Empty: no limit.', rate, setRate)}
      {number(
        'endpoint-in-flight',
        'Attempts at the same time',
        'At most. Empty: no limit.',
        inFlight,
        setInFlight,
      )}
      <div className="form-actions">
        <ActionButton
          needs="webhooks:write"
          kind="primary"
          isBusy={save.isPending}
          onClick={() => save.mutate()}
        >
          Save
        </ActionButton>
      </div>
    </form>
  );
}

function changedNumber<Name extends string>(
  name: Name,
  text: string,
  before: number | null | undefined,
): Partial<Record<Name, number | null>> {
  const value = numberIn(text);
  return value === (before ?? null) ? {} : ({ [name]: value } as Record<Name, number | null>);
}
