import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';

/** The flags that `create` and `update` have in common, as commander reads them. */
export interface SettingFlags {
  readonly events?: string;
  readonly description?: string;
  readonly retryLimit?: string;
  readonly rateLimit?: string;
  readonly maxInFlight?: string;
  readonly schedule?: string;
  readonly header?: readonly string[];
  readonly metadata?: readonly string[];
  readonly secret?: string;
}

/** Members of `webhook` in the API, those that were given. */
export type GivenSettings = {
  event_types?: string[];
  description?: string;
  retry_limit?: number;
  rate_limit?: number;
  max_in_flight?: number;
  schedule?: number[] | string | null;
  headers?: Record<string, string>;
  metadata?: Record<string, string>;
  secret?: string;
};

/** @throws CommandError of usage for what is no number, and for a header or metadata without a value */
export function settingsIn(flags: SettingFlags): GivenSettings {
  const { description, secret } = flags;
  return {
    ...(flags.events === undefined ? {} : { event_types: patternsIn(flags.events) }),
    ...(description === undefined ? {} : { description }),
    ...(secret === undefined ? {} : { secret }),
    ...(flags.retryLimit === undefined ? {} : { retry_limit: numberIn(flags.retryLimit, '--retry-limit') }),
    ...(flags.rateLimit === undefined ? {} : { rate_limit: numberIn(flags.rateLimit, '--rate-limit') }),
    ...(flags.maxInFlight === undefined
      ? {}
      : { max_in_flight: numberIn(flags.maxInFlight, '--max-in-flight') }),
    ...(flags.schedule === undefined ? {} : { schedule: scheduleIn(flags.schedule) }),
    ...(flags.header === undefined ? {} : { headers: pairsIn(flags.header, '--header') }),
    ...(flags.metadata === undefined ? {} : { metadata: pairsIn(flags.metadata, '--metadata') }),
  };
}

/** Patterns as they are given: separated by commas. */
export function patternsIn(text: string): string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

function numberIn(text: string, flag: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new CommandError(EXIT.usage, `${flag}: ${text} is no number.`);
  return number;
}

/** Delays before the retries, in seconds, separated by commas; a documented schedule's name; `default`: null. */
function scheduleIn(text: string): number[] | string | null {
  if (text === 'default') return null;
  if (/^[a-z]/.test(text)) return text;
  return text === '' ? [] : text.split(',').map((delay) => numberIn(delay, '--schedule'));
}

function pairsIn(texts: readonly string[], flag: string): Record<string, string> {
  const pairs = texts.map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at < 1) throw new CommandError(EXIT.usage, `${flag}: ${text} is no name=value.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

/** An endpoint as the client takes it: its types have no members for free objects, which headers and metadata are. */
export function forApi(webhook: Readonly<Record<string, unknown>>): never {
  return webhook as never;
}
