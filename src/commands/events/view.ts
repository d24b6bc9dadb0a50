import type { components, Event } from '../../client/index.js';
import { outcomeText } from '../deliveries/view.js';
import { fieldsText, statusText, type Output } from '../shared/output.js';
import type { Column } from '../shared/table.js';

export function eventColumns(out: Output): Column<Event>[] {
  return [
    { head: 'ID', cell: ({ id }) => id },
    { head: 'TYPE', cell: ({ event_type }) => event_type },
    { head: 'STATUS', cell: ({ status }) => statusText(out.colours, status) },
    { head: 'ACCEPTED', cell: ({ created_at }) => out.times.of(created_at) },
  ];
}

/** An event and what became of it, for people. */
export function eventText(event: components['schemas']['EventWithDeliveries'], out: Output): string {
  return [
    fieldsText([
      ['Event', `${event.id} (${event.event_type})`],
      ['Status', statusText(out.colours, event.status)],
      ['Accepted', out.times.of(event.created_at)],
      ['Workflow', event.workflow_id],
      ['Data', JSON.stringify(event.data)],
    ]),
    ...event.deliveries.map(
      (delivery) => `  ${delivery.id} to ${delivery.webhook_id}  ${outcomeText(delivery, out)}`,
    ),
  ].join('\n');
}
