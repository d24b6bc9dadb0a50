import type { components } from '../../client/index.js';
import { outcomeText, type AttemptedDelivery } from '../deliveries/view.js';
import type { Explained, Match, Remedy } from '../shared/answers.js';
import type { Output } from '../shared/output.js';

export interface Told {
  readonly event: components['schemas']['EventWithDeliveries'];
  /** By endpoint. */
  readonly urls: ReadonlyMap<string, string>;
  /** Empty where the API tells of none. */
  readonly matches: readonly Match[];
}

const NARROWEST = 40;

/**
 * Where an event went and why not, in sentences: the API's, one paragraph an endpoint.
 * @param width of the terminal; null: lines as long as they get
 */
export function eventSentences({ event, urls, matches }: Told, out: Output, width: number | null): string {
  const unmatched = matches.filter(({ matched }) => !matched);
  const endpoints = new Set(event.deliveries.map(({ webhook_id }) => webhook_id)).size;
  const of = matches.length === 0 ? String(endpoints) : `${endpoints} of ${matches.length}`;
  const plural = (matches.length || endpoints) === 1 ? 'endpoint' : 'endpoints';
  const paragraphs = [
    ...event.deliveries.map((delivery) => ({
      url: urls.get(delivery.webhook_id) ?? `endpoint ${delivery.webhook_id}`,
      text: deliverySentence(delivery, out),
      next: commandFor(delivery),
    })),
    ...unmatched.map((match) => ({ url: match.url, text: unmatchedSentence(match), next: null })),
  ];
  const column = Math.max(0, ...paragraphs.map(({ url }) => url.length)) + 2;
  return [
    `${event.id} (${event.event_type}), accepted ${out.times.of(event.created_at)}, goes to ${of} ${plural}.`,
    ...(paragraphs.length === 0 ? [] : ['']),
    ...paragraphs.flatMap(({ url, text, next }) => {
      const lines = [...wrapped(text, width === null ? null : width - column), ...(next ? [`→ ${next}`] : [])];
      return lines.map((line, index) => `${(index === 0 ? url : '').padEnd(column)}${line}`);
    }),
  ].join('\n');
}

function deliverySentence(delivery: AttemptedDelivery & Explained, out: Output): string {
  return delivery.explanation?.text ?? outcomeText(delivery, out);
}

/** The command that does the first of what the API proposes. */
function commandFor(delivery: AttemptedDelivery & Explained): string | null {
  const [first] = delivery.explanation?.remedies ?? [];
  return first ? commandOf(first, delivery) : null;
}

/** The API names routes; people type commands. */
export function commandOf(
  { action, path = '' }: Remedy,
  { id, event_id, webhook_id }: Pick<AttemptedDelivery, 'id' | 'event_id' | 'webhook_id'>,
): string | null {
  const verb = /\/(\w[\w-]*)$/.exec(path)?.[1] ?? action;
  switch (verb) {
    case 'retry':
      return `posthorn deliveries retry ${id}`;
    case 'resend':
      return `posthorn events resend ${event_id} --endpoint ${webhook_id}`;
    case 'enable':
    case 'resume':
    case 'test':
      return `posthorn endpoints ${verb} ${webhook_id}`;
    case 'recover':
      return `posthorn endpoints recover ${webhook_id} --since 2h`;
    default:
      return null;
  }
}

function unmatchedSentence({ why, nearest_pattern }: Match): string {
  const meant = nearest_pattern === null ? '' : ` Did you mean "${nearest_pattern}"?`;
  switch (why) {
    case 'type':
      return `not sent: it subscribes to other types.${meant}`;
    case 'created_later':
      return 'not sent: the endpoint was made later.';
    case 'disabled_then':
      return 'not sent: the endpoint was disabled then.';
    case 'deleted':
      return 'not sent: the endpoint is deleted.';
    default:
      return `not sent${why === null ? '' : `: ${why}`}.${meant}`;
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
