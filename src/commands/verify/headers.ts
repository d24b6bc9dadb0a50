import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';

/** Headers by their names; one that is there several times has all its values. */
export type Headers = Readonly<Record<string, readonly string[]>>;

/**
 * Headers as people have them: `name: value` a line, as in a log or from `curl -v` (with `<` or `>` before it), with the
 * request's own line or without; or a JSON object.
 * @throws CommandError of usage when there is not one header in it
 */
export function headersIn(text: string): Headers {
  const pairs = text.trim().startsWith('{') ? pairsInJson(text) : pairsInLines(text);
  if (pairs.length === 0) {
    throw new CommandError(
      EXIT.usage,
      '--headers: there is no header in it: write one a line, like name: value.',
    );
  }
  const headers = new Map<string, string[]>();
  for (const [name, value] of pairs) headers.set(name, [...(headers.get(name) ?? []), value]);
  return Object.fromEntries(headers);
}

function pairsInLines(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^[<>]?\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*:\s?(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()]];
  });
}

function pairsInJson(text: string): [string, string][] {
  try {
    const members = Object.entries(JSON.parse(text) as Readonly<Record<string, unknown>>);
    return members.flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each): [string, string] => [
        name.toLowerCase(),
        String(each),
      ]),
    );
  } catch {
    throw new CommandError(EXIT.usage, '--headers: it begins like JSON, and is none.');
  }
}
