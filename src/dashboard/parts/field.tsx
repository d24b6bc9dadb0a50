import type { ReactNode } from 'react';

/** A field with its label, what it is for, and what is wrong with it. */
export function Field({
  id,
  label,
  isOptional = false,
  help,
  error,
  children,
}: {
  id: string;
  label: string;
  isOptional?: boolean;
  help?: ReactNode;
  error?: string | null;
  children: (described: {
    id: string;
    'aria-invalid': boolean;
    'aria-describedby': string | undefined;
  }) => ReactNode;
}) {
  const hasError = error !== undefined && error !== null;
  const describedBy = [help !== undefined && `${id}-help`, hasError && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': hasError, 'aria-describedby': describedBy || undefined })}
      {help !== undefined && (
        <p id={`${id}-help`} className="help">
          {isOptional && 'Optional. '}
          {help}
        </p>
      )}
      {hasError && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}
