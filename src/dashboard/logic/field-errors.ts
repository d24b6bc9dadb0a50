import type { FieldError } from '../../client/index.js';

/** A field of a form. */
export interface FormField {
  /** Of its element. */
  readonly id: string;
  readonly label: string;
}

/** A wrong field of a form: where it is, and what is wrong. */
export interface WrongField {
  /** Null for a field that the form does not have. */
  readonly field: FormField | null;
  readonly text: string;
}

/**
 * The fields of a form that the API refuses.
 * @param fields by the beginning of the pointer into the body
 */
export function wrongFields(
  errors: readonly FieldError[],
  fields: Readonly<Record<string, FormField>>,
): WrongField[] {
  return errors.map((error) => {
    const at = 'pointer' in error ? error.pointer : error.parameter;
    const known = Object.keys(fields).find((pointer) => at === pointer || at.startsWith(`${pointer}/`));
    const field = known === undefined ? null : (fields[known] ?? null);
    return { field, text: field === null ? `${at}: ${error.detail}` : error.detail };
  });
}

/** The texts of one field; null without any. */
export function errorOf(wrong: readonly WrongField[], id: string): string | null {
  const texts = wrong.filter(({ field }) => field?.id === id).map(({ text }) => text);
  return texts.length === 0 ? null : texts.join(' ');
}
