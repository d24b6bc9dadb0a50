import { idOf, timeOf } from '../claim.js';
import { headerOf } from '../headers.js';
import type { Settings } from '../options.js';
import type { Scheme } from '../scheme.js';
import type { Finding, HeadersLike } from '../types.js';
import { idIn } from './bodies.js';
import type { Variation } from './search.js';

/** The id as the request has it, then others that may have been signed. */
export function idVariations(
  scheme: Scheme,
  headers: HeadersLike,
  body: Uint8Array,
): readonly Variation<string | null>[] {
  const { idHeader, signsId } = scheme;
  if (!signsId || idHeader === null) return [{ value: null, finding: null }];
  const id = attempt(() => headerOf(headers, idHeader));
  const finding = (what: string): Finding => ({
    kind: 'id',
    text: `The signature fits another id than the header "${idHeader}" has: ${what}.`,
  });
  return distinct(
    attempt(() => idOf(scheme, headers)),
    [
      { value: id && id.toLowerCase(), finding: finding('the same in lower case') },
      { value: id && id.toUpperCase(), finding: finding('the same in upper case') },
      { value: idIn(body), finding: finding('the one in the body') },
    ],
  );
}

const MS_FROM = 100_000_000_000;

/** The signed time as the request has it, then others that may have been signed. */
export function timeVariations(scheme: Scheme, headers: HeadersLike): readonly Variation<string | null>[] {
  const { time } = scheme;
  if (!time) return [{ value: null, finding: null }];
  const given = attempt(() => headerOf(headers, time.header));
  const text = given === null ? null : time.in(given);
  const finding = (what: string): Finding => ({
    kind: 'timestamp',
    text: `The header "${time.header}" has the time ${what}; Unix time in seconds was signed.`,
  });
  return distinct(
    attempt(() => timeOf(scheme, headers)),
    [
      { value: secondsOfMs(text), finding: finding('in milliseconds') },
      { value: secondsOfDate(text), finding: finding('as a date') },
    ],
  );
}

/** Whether the signed time is tolerated. */
export function clockFindings(
  { scheme, toleranceSeconds, nowSeconds }: Settings,
  headers: HeadersLike,
): { readonly problems: readonly Finding[]; readonly right: readonly Finding[] } {
  if (!scheme.time) {
    const text = `The profile "${scheme.profile}" signs no time, so the age of the request is not known.`;
    return { problems: [], right: [{ kind: 'ok', text }] };
  }
  const time = attempt(() => timeOf(scheme, headers));
  if (time === null) return { problems: [], right: [] };
  const secondsOff = nowSeconds - Number(time);
  const signed = secondsOff >= 0 ? `${secondsOff} s ago` : `${-secondsOff} s from now`;
  const text = `The request says it was signed ${signed}; ${toleranceSeconds} s are tolerated.`;
  return Math.abs(secondsOff) <= toleranceSeconds
    ? { problems: [], right: [{ kind: 'ok', text }] }
    : { problems: [{ kind: 'clock', secondsOff, text: `${text} ${cause(secondsOff)}` }], right: [] };
}

function cause(secondsOff: number): string {
  return secondsOff > 0
    ? 'It was recorded and sent again, it waited on its way, or the clock of this machine is fast.'
    : 'The clock of this machine is slow, or the time is not in seconds.';
}

function secondsOfMs(text: string | null): string | null {
  if (text === null || !/^\d+$/.test(text) || Number(text) < MS_FROM) return null;
  return String(Math.floor(Number(text) / 1000));
}

function secondsOfDate(text: string | null): string | null {
  const ms = text === null || /^\d+$/.test(text) ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : String(Math.floor(ms / 1000));
}

/** What the request has, where it has it, then the others that are there, none of them twice. */
function distinct(
  given: string | null,
  others: readonly { readonly value: string | null; readonly finding: Finding }[],
): readonly Variation<string>[] {
  const all: Variation<string>[] = given === null ? [] : [{ value: given, finding: null }];
  for (const { value, finding } of others) {
    if (value !== null && all.every((each) => each.value !== value)) all.push({ value, finding });
  }
  return all;
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
