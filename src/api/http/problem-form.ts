/** The form of problems (RFC 9457). `problem.ts` has the list of them. */

/** `pointer` into the body (RFC 6901), or `parameter` of the query or a header. */
export type FieldPlace = { readonly pointer: string } | { readonly parameter: string };

/** One invalid field. */
export type FieldError = FieldPlace & { readonly detail: string };

/** More field errors would help nobody, and an answer must stay small whatever was sent. */
export const MAX_FIELD_ERRORS = 20;

export class Problem extends Error {
  override name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      /** Further members of the answer. */
      readonly members?: {
        readonly event_id?: string;
        readonly event_ids?: readonly string[];
        readonly checks?: Readonly<Record<string, string>>;
      };
    } = {},
  ) {
    super(detail);
  }

  /** The same problem for all the fields that problems of its kind name. */
  with(others: readonly Problem[]): Problem {
    const errors = others.flatMap(({ more }) => more.errors ?? []).slice(0, MAX_FIELD_ERRORS);
    return new Problem(this.status, this.code, this.title, this.detail, { ...this.more, errors });
  }
}

/** The field errors in one sentence. */
export function describe(errors: readonly FieldError[]): string {
  return errors
    .map((error) => `${'pointer' in error ? error.pointer || '/' : error.parameter}: ${error.detail}`)
    .join('; ');
}
