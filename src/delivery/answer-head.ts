import { InvalidAnswer } from './failure.js';

/** Reads the status line and headers of an answer (RFC 9112). Pure. */

/** How long we assume that a receiver keeps an idle connection, if it does not say. */
const USUAL_WAIT_MS = 4_000;
/** How long a connection may be idle at most, whatever the receiver offers. */
const LONGEST_WAIT_MS = 30_000;
/** We close this long before the receiver's time is up: its clock started earlier, and sending takes a while. */
const WAIT_MARGIN_MS = 2_000;

export interface StatusLine {
  readonly statusCode: number;
  /** Connections of this HTTP version stay open unless a header says otherwise. */
  readonly isPersistent: boolean;
}

/** What determines the end of a body. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until closed' };

/** The reason phrase is ignored: it may be anything, or missing. */
const STATUS_LINE = /^HTTP\/(\d)(?:\.(\d))? +([1-9]\d\d)(?:[ \t]|$)/;

/** @throws InvalidAnswer when a line is no status line */
export function statusLineOf(line: string): StatusLine {
  const [, major = '', minor = '0', statusCode] = STATUS_LINE.exec(line) ?? [];
  if (statusCode === undefined) throw new InvalidAnswer(`its first line is no status line: ${line}`);
  return { statusCode: Number(statusCode), isPersistent: Number(`${major}.${minor}`) >= 1.1 };
}

/** An answer's header fields. What they cannot be read as is left out, and makes them odd. */
export class Fields {
  /** Whether the headers were malformed: then the connection is not used again. */
  isOdd = false;
  private readonly values = new Map<string, string[]>();
  private last: string[] | undefined;

  add(line: string): void {
    const folded = /^[ \t]/.test(line);
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (folded && this.last) this.last.push(`${this.last.pop() ?? ''} ${line.trim()}`);
    else if (!folded && name !== '') this.addValue(name, line.slice(colon + 1).trim());
    if (folded || name === '' || line[colon - 1] === ' ' || /[\0\r]/.test(line)) this.isOdd = true;
  }

  first(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  /** The members of a list that may be spread over several fields. */
  list(name: string): string[] {
    const members = (this.values.get(name) ?? []).flatMap((value) => value.split(','));
    return members.map((member) => member.trim().toLowerCase()).filter((member) => member !== '');
  }

  private addValue(name: string, value: string): void {
    this.last = this.values.get(name) ?? [];
    this.last.push(value);
    this.values.set(name, this.last);
  }
}

/**
 * RFC 9112, 6.3.
 * @throws InvalidAnswer when it cannot be known where the body ends
 */
export function framingOf(statusCode: number, fields: Fields): Framing {
  const lengths = fields.list('content-length');
  const codings = fields.list('transfer-encoding');
  const isFramed = codings.length > 0 || lengths.some((length) => length !== '0');
  if (lengths.length > 1 || (codings.length > 0 && lengths.length > 0)) fields.isOdd = true;
  if (statusCode === 204 || statusCode === 304) {
    // A body would be none of it; some send one nevertheless.
    if (isFramed) fields.isOdd = true;
    return { kind: 'none' };
  }
  if (codings.length > 0) return { kind: codings.at(-1) === 'chunked' ? 'chunked' : 'until closed' };
  const [length] = lengths;
  if (length === undefined) return { kind: 'until closed' };
  if (!/^\d+$/.test(length) || lengths.some((other) => other !== length)) {
    throw new InvalidAnswer('its length cannot be read');
  }
  return { kind: 'length', bytes: Number(length) };
}

/** For how long a connection may wait for its next POST, by what its receiver says; 0 when it may not. */
export function waitOffered({ isPersistent }: StatusLine, fields: Fields): number {
  const options = fields.list('connection');
  const staysOpen = isPersistent ? !options.includes('close') : options.includes('keep-alive');
  if (!staysOpen) return 0;
  const seconds = /(?:^|[\s,;])timeout=(\d+)/i.exec(fields.first('keep-alive') ?? '')?.[1];
  if (seconds === undefined) return USUAL_WAIT_MS;
  return Math.max(0, Math.min(Number(seconds) * 1000 - WAIT_MARGIN_MS, LONGEST_WAIT_MS));
}
