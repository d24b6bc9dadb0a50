import { z } from 'zod';
import { texts, variables, type VariableText } from '../../src/config.js';
import { code } from './markdown.js';

/** The variables of src/config.ts in its order: a heading a section, a heading a variable. */
export function configuration(): string {
  let section = '';
  return Object.entries(variables.shape)
    .flatMap(([name, schema]) => {
      const about = texts.get(schema);
      if (!about) throw new Error(`${name} has no text: register one in src/config.ts`);
      const heading = about.section === section ? [] : [`## ${about.section}`];
      section = about.section;
      return [...heading, `### ${code(name)}`, about.text, factsOf(schema, about)];
    })
    .join('\n\n');
}

function factsOf(schema: z.ZodType, { form, unset }: VariableText): string {
  const value = form ?? rangeOf(schema);
  return [
    ...(value === null ? [] : [`- Value: ${value}`]),
    ...(schema instanceof z.ZodDefault ? [`- Default: ${defaultOf(schema)}`] : []),
    ...(unset === undefined ? [] : [`- Unset: ${unset}`]),
  ].join('\n');
}

function defaultOf(schema: z.ZodDefault): string {
  const { defaultValue } = schema.def;
  return Array.isArray(defaultValue) ? 'empty' : code(String(defaultValue));
}

/** What the schema itself tells; null for free text. */
function rangeOf(schema: z.ZodType): string | null {
  const inner = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (inner instanceof z.ZodEnum) return inner.options.map((option) => code(String(option))).join(', ');
  if (!(inner instanceof z.ZodPipe) || !(inner.out instanceof z.ZodNumber)) return null;
  return `${counted(inner.out.minValue)} to ${counted(inner.out.maxValue)}`;
}

function counted(value: number | null): string {
  return (value ?? 0).toLocaleString('en');
}
