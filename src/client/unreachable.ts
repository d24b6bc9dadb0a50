/** No answer came, after every try: nobody listens there, the connection broke, or it took too long. */
export class PosthornUnreachable extends Error {
  override name = 'PosthornUnreachable';

  /**
   * @param call the method and URL that were called
   * @param tries how often
   * @param cause what the last try failed with
   */
  constructor(
    call: string,
    readonly tries: number,
    override readonly cause: unknown,
  ) {
    super(`${call}: no answer${tries > 1 ? `, after ${tries} tries` : ''}: ${reasonOf(cause)}`);
  }
}

/** The last try took longer than `timeoutMs`. */
export class TookTooLong extends Error {
  override name = 'TookTooLong';

  constructor(milliseconds: number) {
    super(`it took longer than ${milliseconds / 1_000} s`);
  }
}

/** `fetch` itself says "fetch failed" of everything: its cause says more. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error.message !== '') return error.message;
  // Of several addresses, Node's error has no text of its own.
  return 'code' in error ? String(error.code) : error.name;
}
