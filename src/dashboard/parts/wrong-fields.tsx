import { CircleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { PosthornProblem } from '../../client/index.js';
import { counted } from '../logic/stats.js';
import { wrongFields, type FormField, type WrongField } from '../logic/field-errors.js';
import { ProblemView } from './problem.js';

/** The fields that a refused form has to put right. */
export function fieldsRefused(
  error: Error | null,
  fields: Readonly<Record<string, FormField>>,
): readonly WrongField[] {
  return error instanceof PosthornProblem ? wrongFields(error.errors, fields) : [];
}

/** Why a form was refused, with a link to each field. It takes the focus, so that it is read. */
export function WrongFields({ error, wrong }: { error: Error; wrong: readonly WrongField[] }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), [error]);
  if (wrong.length === 0) return <ProblemView error={error} />;
  return (
    <div ref={ref} className="problem" role="alert" tabIndex={-1}>
      <CircleAlert aria-hidden size={20} />
      <div>
        <strong>
          {counted(wrong.length, 'field')} {wrong.length === 1 ? 'needs' : 'need'} attention
        </strong>
        <ul>
          {wrong.map(({ field, text }) => (
            <li key={`${field?.id} ${text}`}>
              {field === null ? (
                text
              ) : (
                <a
                  href={`#${field.id}`}
                  onClick={(event) => {
                    event.preventDefault();
                    document.getElementById(field.id)?.focus();
                  }}
                >
                  {field.label}: {text}
                </a>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
