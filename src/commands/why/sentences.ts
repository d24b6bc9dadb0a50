import type { components } from '../../client/index.js';
import type { Output } from '../shared/output.js';

type Delivery = components['schemas']['DeliveryWithAttempts'];
type Match = components['schemas']['Match'];

export interface Told {
  readonly event: components['schemas']['EventWithDeliveries'];
  /** Of the application's endpoints, in the API's order; null: no worker has recorded the event yet. */
  readonly matches: readonly Match[] | null;
}

const NARROWEST = 40;

/**
 * Where an event went and why not, in sentences: the API's, one paragraph an endpoint.
 * @param width of the terminal; null: lines as long as they get
 */
export function eventSentences({ event, matches }: Told, out: Output, width: number | null): string {
  const accepted = `${event.id} (${event.event_type}), accepted ${out.times.of(event.created_at)}, `;
  if (matches === null) return `${accepted}waits for a worker that records it.\n→ posthorn doctor`;
  const urls = new Map(matches.map(({ webhook_id, url }) => [webhook_id, url]));
  const reached = new Set(event.deliveries.map(({ webhook_id }) => webhook_id));
  const paragraphs = [
    ...event.deliveries.map((delivery) => ({
      url: urls.get(delivery.webhook_id) ?? `endpoint ${delivery.webhook_id}`,
      text: delivery.explanation.text,
      next: commandFor(delivery),
    })),
    ...matches
      .filter(({ webhook_id }) => !reached.has(webhook_id))
      .map((match) => ({ url: match.url, text: unmatchedSentence(match), next: null })),
  ];
  const column = Math.max(0, ...paragraphs.map(({ url }) => url.length)) + 2;
  const all = Math.max(matches.length, reached.size);
  return [
    `${accepted}goes to ${reached.size} of ${all} ${all === 1 ? 'endpoint' : 'endpoints'}.`,
    ...(paragraphs.length === 0 ? [] : ['']),
    ...paragraphs.flatMap(({ url, text, next }) => {
      const lines = [
        ...wrapped(text, width === null ? null : width - column),
        ...(next ? [`→ ${next}`] : []),
      ];
      return lines.map((line, index) => `${(index === 0 ? url : '').padEnd(column)}${line}`);
    }),
  ].join('\n');
}

/** The first of what the API proposes that a command does. */
function commandFor(delivery: Delivery): string | null {
  for (const remedy of delivery.explanation.remedies) {
    const command = commandOf(remedy, delivery);
    if (command !== null) return command;
  }
  return null;
}

/** The API names routes; people type commands. Null where it takes more than a command. */
function commandOf(
  { action }: Delivery['explanation']['remedies'][number],
  { id, event_id, webhook_id }: Delivery,
): string | null {
  switch (action) {
    case 'retry_now':
      return `posthorn deliveries retry ${id}`;
    case 'resend':
      return `posthorn events resend ${event_id} --endpoint ${webhook_id}`;
    case 'send_test':
      return `posthorn endpoints test ${webhook_id}`;
    case 'resume_endpoint':
      return `posthorn endpoints resume ${webhook_id}`;
    case 'enable_endpoint':
      return `posthorn endpoints enable ${webhook_id}`;
    case 'recover':
      return `posthorn endpoints recover ${webhook_id} --since 2h`;
    case 'start_worker':
      return 'posthorn worker';
    case 'check_system':
      return 'posthorn doctor';
    case 'change_endpoint':
    case 'add_endpoint':
    case 'fix_receiver':
      return null;
  }
}

function unmatchedSentence({ matched, why, nearest_pattern }: Match): string {
  if (matched) return 'has no delivery yet.';
  const meant = nearest_pattern === null ? '' : ` Did you mean "${nearest_pattern}"?`;
  switch (why) {
    case 'type':
      return `not sent: it subscribes to other types.${meant}`;
    case 'created_later':
      return 'not sent: the endpoint was made later.';
    case 'changed_later':
      return 'not sent: it subscribes to this type since later.';
    case 'test':
      return 'not sent: the event is a test of another endpoint.';
    case 'about_itself':
      return 'not sent: the event is about this endpoint.';
  }
}

/** Lines of at most `width` characters, broken between words. */
function wrapped(text: string, width: number | null): string[] {
  if (width === null || width < NARROWEST) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
