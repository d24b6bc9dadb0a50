import type { FieldError } from '../../client/index.js';

/** A wrong field of a form: where it is, and what is wrong. */
export interface WrongField {
  /** The id of the form's field; null for a field that the form does not have. */
  readonly field: string | null;
  readonly text: string;
}

/**
 * The fields of a form that the API refuses.
 * @param fields the id of the form's field, by the beginning of the pointer into the body
 */
export function wrongFields(
  errors: readonly FieldError[],
  fields: Readonly<Record<string, string>>,
): WrongField[] {
  return errors.map((error) => {
    const at = 'pointer' in error ? error.pointer : error.parameter;
    const known = Object.keys(fields).find((pointer) => at === pointer || at.startsWith(`${pointer}/`));
    return known === undefined
      ? { field: null, text: `${at}: ${error.detail}` }
      : { field: fields[known] ?? null, text: error.detail };
  });
}

/** The texts of one field; null without any. */
export function errorOf(wrong: readonly WrongField[], field: string): string | null {
  const texts = wrong.filter((each) => each.field === field).map(({ text }) => text);
  return texts.length === 0 ? null : texts.join(' ');
}
