import type { Answer } from './outcome.js';
import { ASYMMETRIC_PREFIX, SYMMETRIC_PREFIX } from './signature.js';

/** What is in the clear of an endpoint while it is sent to. */
export interface Confidential {
  /** Signing secrets in force, oldest first. */
  readonly secrets: readonly string[];
  /** Custom headers. */
  readonly headers: Readonly<Record<string, string>>;
}

const MASK = '[secret]';
/** What is shorter may stand in an answer by chance, and is no secret worth the name. */
const SHORTEST = 8;

/**
 * An answer without the secrets that its receiver knows. Some receivers send back what they were sent, in a page for
 * debugging or in an error; answers are kept in the log and shown, and Temporal is told of them. Found are secrets
 * and header values (of `Bearer …` the credentials alone too) of 8 characters and more, as they are and as JSON
 * and URLs write them, also when the answer breaks off within one. Whatever else a receiver makes of them is its own.
 */
export function withoutSecrets(answer: Answer, { secrets, headers }: Confidential): Answer {
  const values = [...secrets.flatMap(secretAndKey), ...Object.values(headers).flatMap(valueAndCredentials)];
  const mask = (text: string) => (text.length < SHORTEST ? text : masked(text, values));
  return answer.kind === 'answered'
    ? { ...answer, body: mask(answer.body) }
    : { ...answer, text: mask(answer.text) };
}

function masked(text: string, values: readonly string[]): string {
  const forms = [...new Set(values.flatMap(formsOf))]
    .filter((form) => form.length >= SHORTEST)
    // A part that was masked first would hide the whole.
    .toSorted((one, other) => other.length - one.length);
  const whole = forms.reduce((left, form) => left.replaceAll(form, MASK), text);
  return forms.reduce(withoutBeginningAtEnd, whole);
}

/** Without the beginning of a form that the text ends with. */
function withoutBeginningAtEnd(text: string, form: string): string {
  // Half a character, cut off with the rest, has become this.
  const end = text.replace(/\uFFFD+$/, '');
  const head = form.slice(0, SHORTEST);
  let at = end.indexOf(head, Math.max(0, end.length - form.length));
  while (at >= 0 && !form.startsWith(end.slice(at))) at = end.indexOf(head, at + 1);
  return at < 0 ? text : end.slice(0, at) + MASK;
}

function secretAndKey(secret: string): string[] {
  const prefix = [SYMMETRIC_PREFIX, ASYMMETRIC_PREFIX].find((each) => secret.startsWith(each));
  return prefix === undefined ? [secret] : [secret, secret.slice(prefix.length)];
}

function valueAndCredentials(value: string): string[] {
  return [value, value.slice(value.indexOf(' ') + 1)];
}

/** As it is, and as JSON (with `/` or anything beyond ASCII escaped, as some write it) and URLs have it. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const escaped = [json, ascii].flatMap((text) => [text, text.replaceAll('/', '\\/')]);
  // By way of bytes: half a surrogate pair would be refused.
  return [value, ...escaped, encodeURIComponent(Buffer.from(value).toString())];
}
