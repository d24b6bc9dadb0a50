import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../../api.js';
import { errorOf } from '../../logic/field-errors.js';
import { EVERYTHING } from '../../logic/event-type-groups.js';
import { ActionButton } from '../../parts/action-button.js';
import { EventTypeChoice } from '../../parts/event-type-choice.js';
import { Field } from '../../parts/field.js';
import { Page } from '../../parts/page.js';
import { useChange } from '../../parts/use-change.js';
import { fieldsRefused, WrongFields } from '../../parts/wrong-fields.js';
import { eventTypesQuery } from '../../queries.js';
import { routes } from '../../routes.js';
import { lackOf, useSession } from '../../session.js';
import { EndpointChecks } from './endpoint-checks.js';

const FIELDS = {
  '/webhook/url': { id: 'endpoint-url', label: 'Endpoint URL' },
  '/webhook/description': { id: 'endpoint-description', label: 'Description' },
  '/webhook/event_types': { id: 'endpoint-events', label: 'Events' },
  '/webhook/secret': { id: 'endpoint-secret', label: 'Own signing secret' },
};

export function AddEndpointPage({ app }: { app: string }) {
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [patterns, setPatterns] = useState<string[]>([EVERYTHING]);
  const [secret, setSecret] = useState('');
  const { data: eventTypes = [] } = useQuery(eventTypesQuery(app));
  const [, navigate] = useLocation();
  const lack = lackOf(useSession(), 'webhooks:write');

  const check = useChange(
    async (target: string) => {
      const params = { path: { app_id: app } };
      return (await api.POST('/v1/apps/{app_id}/webhooks/check', { params, body: { url: target } })).data;
    },
    { onError: () => undefined },
  );
  const add = useChange(
    async () => {
      const { data } = await api.POST('/v1/apps/{app_id}/webhooks', {
        params: { path: { app_id: app } },
        body: {
          webhook: {
            url: url.trim(),
            event_types: patterns,
            ...(description.trim() === '' ? {} : { description: description.trim() }),
            ...(secret === '' ? {} : { secret }),
          },
        },
      });
      return data.webhook;
    },
    {
      done: 'Endpoint added.',
      onError: () => undefined,
      onDone: (webhook) => navigate(routes.endpoint(app, webhook.id)),
    },
  );
  const wrong = fieldsRefused(add.error, FIELDS);

  return (
    <Page title="Add endpoint" back={{ to: routes.endpoints(app), text: 'Endpoints' }}>
      <form
        className="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (lack === null) add.mutate();
        }}
      >
        {add.error && <WrongFields error={add.error} wrong={wrong} />}
        <Field
          id="endpoint-url"
          label="Endpoint URL"
          help="Events are sent here by POST."
          error={errorOf(wrong, 'endpoint-url')}
        >
          {(described) => (
            <input
              {...described}
              type="url"
              required
              autoComplete="off"
              spellCheck={false}
              placeholder="https://example.com/hooks"
              value={url}
              onChange={({ target }) => setUrl(target.value)}
            />
          )}
        </Field>
        <div className="field">
          <div>
            <ActionButton
              needs="webhooks:write"
              isBusy={check.isPending}
              refusal={url.trim() === '' ? 'Write a URL first.' : null}
              onClick={() => check.mutate(url.trim())}
            >
              Check endpoint
            </ActionButton>
          </div>
          <EndpointChecks check={check} />
        </div>
        <Field
          id="endpoint-description"
          label="Description"
          isOptional
          help="What people know it by."
          error={errorOf(wrong, 'endpoint-description')}
        >
          {(described) => (
            <input
              {...described}
              autoComplete="off"
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          )}
        </Field>
        <EventTypeChoice
          id="endpoint-events"
          types={eventTypes.map(({ name }) => name)}
          chosen={patterns}
          error={errorOf(wrong, 'endpoint-events')}
          onChange={setPatterns}
        />
        <details className="advanced" open={errorOf(wrong, 'endpoint-secret') !== null}>
          <summary>Advanced</summary>
          <Field
            id="endpoint-secret"
            label="Own signing secret"
            isOptional
            help="Posthorn makes one without it."
            error={errorOf(wrong, 'endpoint-secret')}
          >
            {(described) => (
              <input
                {...described}
                className="mono"
                autoComplete="off"
                spellCheck={false}
                value={secret}
                onChange={({ target }) => setSecret(target.value)}
              />
            )}
          </Field>
        </details>
        <div className="form-actions">
          <button
            type="submit"
            className="primary"
            disabled={lack !== null || add.isPending}
            title={lack ?? undefined}
          >
            Add endpoint
          </button>
          {lack !== null && <p className="muted">{lack}</p>}
        </div>
      </form>
    </Page>
  );
}
