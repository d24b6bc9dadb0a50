import { z } from 'zod';
import { defaultSchedule, type EventContent, type Profile } from '../../src/profiles/profile.js';
import { attemptsInAll, documentedDelayMs } from '../../src/domain/schedule.js';
import { exampleOf, otherEnvelope } from './example.js';
import { facts } from './facts.js';
import { block, code, duration, table } from '../docs/markdown.js';

/** The generated parts of a profile's page, by the names of their markers. */
export const partsOfAPage: Readonly<Record<string, (profile: Profile) => string>> = {
  facts: (profile) => {
    const [head = [], ...rows] = facts.map(({ label, of }) => [label, of(profile)]);
    return table(head, rows);
  },
  schedule,
  envelope,
  attributes,
  headers,
  catalogue,
  'test-event': testEvent,
};

function schedule(profile: Profile): string {
  const { schedule } = profile;
  const share = schedule.kind === 'table' ? (schedule.jitter ?? 0) : 0;
  const spread = share > 0 ? ` ± ${share * 100} %` : '';
  let sinceFirst = 0;
  const rows = [['1', 'none', '0 s']];
  for (let attempt = 2; attempt <= attemptsInAll(schedule); attempt += 1) {
    const delay = documentedDelayMs(schedule, attempt);
    sinceFirst += delay;
    rows.push([`${attempt}`, duration(delay) + spread, duration(sinceFirst) + spread]);
  }
  const usual = attemptsInAll(defaultSchedule(profile));
  return [
    table(['attempt', 'delay before it', 'since the first'], rows),
    ...(usual < rows.length
      ? [`Without a \`retry_limit\` of its own, an endpoint gets ${usual} attempts.`]
      : []),
  ].join('\n\n');
}

function envelope(profile: Profile): string {
  const { event, envelope: value } = exampleOf(profile);
  const other = otherEnvelope(profile);
  const rows = Object.entries(value).map(([key, given]) => {
    const meaning =
      meaningOf(given, event) ?? (json(other[key]) === json(given) ? `always ${json(given)}` : null);
    if (meaning === null) throw new Error(`${profile.id}: nothing says what "${key}" in the envelope is`);
    return [code(key), meaning];
  });
  return [table(['key', 'value'], rows), block('json', JSON.stringify(value))].join('\n\n');
}

/** Which part of the event a value in the envelope is, null for none: the parts all differ from each other. */
function meaningOf(value: unknown, event: EventContent): string | null {
  if (value === event.data) return '`data` as it was submitted';
  if (value === event.id) return 'the event’s id';
  if (value === event.type) return 'the event’s type';
  if (value === event.appId) return 'the application’s id';
  if (value === event.environmentId) return 'the application’s `settings.environment_id`';
  const attribute = Object.keys(event.attributes).find((name) => event.attributes[name] === value);
  if (attribute) return `the event’s attribute ${code(attribute)}`;
  if (value === event.acceptedAt.toISOString()) return 'time of acceptance, UTC, with milliseconds';
  const seconds = Math.floor(event.acceptedAt.getTime() / 1000) * 1000;
  if (Date.parse(String(value)) === seconds) return 'time of acceptance, UTC, in whole seconds';
  return null;
}

/** As much of a JSON schema as attributes have so far. */
interface Property {
  readonly type?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly Property[];
}

function attributes(profile: Profile): string {
  const given = z.toJSONSchema(profile.attributes, { io: 'input' });
  const properties = Object.entries(given.properties ?? {}) as [string, Property][];
  if (properties.length === 0) return 'None: an event that brings any is refused.';
  const rows = properties.map(([name, property]) => [
    code(name),
    given.required?.includes(name) ? 'required' : `default ${json(property.default)}`,
    formOf(property),
  ]);
  return table(['attribute', '', 'form'], rows);
}

function formOf({ type, pattern, anyOf }: Property): string {
  return anyOf ? anyOf.map(formOf).join(' or ') : code(pattern ?? type ?? 'any');
}

function headers(profile: Profile): string {
  const example = exampleOf(profile);
  const lines = Object.entries({ 'Content-Type': 'application/json', ...example.headers });
  return [
    `An attempt at ${example.timestamp} (Unix time, in seconds) with the secret ${code(example.secret)}:`,
    block('http', [...lines.map((line) => line.join(': ')), '', example.body.toString()].join('\n')),
  ].join('\n\n');
}

function catalogue({ catalogue }: Profile): string {
  if (!catalogue) return 'None: any well-formed event type is accepted.';
  const rows = catalogue.map(({ name, description }) => [code(name), description]);
  const examples = Object.fromEntries(catalogue.map(({ name, example }) => [name, example]));
  return [
    table(['event type', 'fires when'], rows),
    '<details>\n<summary>Example <code>data</code> of every type</summary>',
    block('json', JSON.stringify(examples).replace('{', '{\n')),
    '</details>',
  ].join('\n\n');
}

function testEvent({ testEvent: { type, data, attributes, marked } }: Profile): string {
  const mark = marked ? 'the header `X-Posthorn-Test: true`' : 'its type alone';
  const event = { event_type: type, data, ...(Object.keys(attributes).length > 0 ? { attributes } : {}) };
  return [`Marked as a test by ${mark}.`, block('json', JSON.stringify(event))].join('\n\n');
}

function json(value: unknown): string {
  return code(JSON.stringify(value));
}
