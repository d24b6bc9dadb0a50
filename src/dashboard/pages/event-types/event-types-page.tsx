import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SearchField } from '../../parts/search-field.js';
import { groupsOf, groupsWith, isChosen } from '../../logic/event-type-groups.js';
import { counted } from '../../logic/stats.js';
import { Empty, FilteredEmpty } from '../../parts/empty.js';
import { JsonView } from '../../parts/json-view.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { eventTypesQuery, webhooksQuery, type EventType, type Webhook } from '../../queries.js';

/** The event types of an application, by group, with what they look like and who gets them. */
export function EventTypesPage({ app }: { app: string }) {
  const query = useQuery(eventTypesQuery(app));
  const { data: endpoints = [] } = useQuery(webhooksQuery(app));
  const [filter, setFilter] = useState('');
  return (
    <Page
      title="Event types"
      actions={<SearchField name="Filter event types" value={filter} onChange={setFilter} />}
    >
      <Loaded query={query}>
        {(types) => {
          if (types.length === 0) {
            return (
              <Empty title="No event types are listed.">
                <p>
                  The application takes any type, such as order.paid. Those with a description or schema stand
                  here.
                </p>
              </Empty>
            );
          }
          const groups = groupsWith(groupsOf(types.map(({ name }) => name)), filter);
          if (groups.length === 0) return <FilteredEmpty what="event types" onClear={() => setFilter('')} />;
          const byName = new Map(types.map((type) => [type.name, type]));
          return groups.map((group) => (
            <section key={group.name} className="card" aria-label={group.name}>
              <h2>{group.name}</h2>
              {group.types.map((name) => {
                const type = byName.get(name);
                return type && <EventTypeItem key={name} type={type} endpoints={endpoints} />;
              })}
            </section>
          ));
        }}
      </Loaded>
    </Page>
  );
}

function EventTypeItem({ type, endpoints }: { type: EventType; endpoints: readonly Webhook[] }) {
  const takers = endpoints.filter(({ event_types: patterns }) => isChosen(patterns, type.name));
  return (
    <details className="event-type">
      <summary>
        <code>{type.name}</code>
        {type.source === 'application' && <span className="tag">own</span>}
        <span>{type.description}</span>
      </summary>
      <p className="muted">
        {takers.length === 0
          ? 'No endpoint names it.'
          : `${counted(takers.length, 'endpoint')}: ${takers.map(({ url }) => url).join(', ')}`}
      </p>
      {type.example !== null && (
        <>
          <h3>Example</h3>
          <JsonView text={JSON.stringify(type.example, null, 2)} name={`Example of ${type.name}`} />
        </>
      )}
      {type.schema !== null && (
        <>
          <h3>JSON Schema</h3>
          <JsonView text={JSON.stringify(type.schema, null, 2)} name={`Schema of ${type.name}`} />
        </>
      )}
    </details>
  );
}
