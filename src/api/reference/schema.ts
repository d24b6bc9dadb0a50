import type { oas31 } from 'zod-openapi';

/** A JSON Schema as a short text: an example-like sketch of its members. Pure. */

export type Schemas = Readonly<Record<string, oas31.SchemaObject | oas31.ReferenceObject>>;
type Schema = oas31.SchemaObject | oas31.ReferenceObject;

const DEEPEST = 8;

/** A schema as a sketch: `{ id: uuid, status: "a" | "b", created_at: date-time | null, … }`, a member a line. */
export function sketchOf(schema: Schema, schemas: Schemas, depth = 0): string {
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const target = schemas[name];
    return target && depth < DEEPEST ? sketchOf(target, schemas, depth) : name;
  }
  const { anyOf, oneOf, allOf, items, properties, type, format, additionalProperties } =
    schema as oas31.SchemaObject;
  const of = (each: Schema) => sketchOf(each, schemas, depth + 1);
  if ('const' in schema) return JSON.stringify(schema.const);
  const choices = anyOf ?? oneOf;
  if (choices) return [...new Set(choices.map((each) => sketchOf(each, schemas, depth)))].join(' | ');
  if (allOf) return allOf.map((each) => sketchOf(each, schemas, depth)).join(' & ');
  if ('enum' in schema && Array.isArray(schema.enum))
    return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  if (items && typeof items === 'object') return `[${of(items)}, …]`;
  if (properties) return objectOf(schema as oas31.SchemaObject, of, depth);
  if (typeof additionalProperties === 'object') return `{ [name]: ${of(additionalProperties)} }`;
  if (Array.isArray(type)) return type.join(' | ');
  return format ?? type ?? 'any JSON';
}

function objectOf(
  { properties = {}, required = [] }: oas31.SchemaObject,
  of: (schema: Schema) => string,
  depth: number,
): string {
  const indent = '  '.repeat(depth + 1);
  const lines = Object.entries(properties).map(
    ([name, schema]) => `${indent}${name}${required.includes(name) ? '' : '?'}: ${of(schema)}`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}
