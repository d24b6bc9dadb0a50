type Members = Readonly<Record<string, unknown>>;

/** An event type as far as it tells how its data looks. */
export interface Typed {
  readonly example: unknown;
  readonly schema: unknown;
}

/**
 * Data for an event of a type: the document's example, else what its JSON Schema says by `examples`, `example`,
 * `default`, `const` and `enum`; null where neither tells anything.
 */
export function exampleData(type: Typed | undefined): unknown {
  if (!type) return null;
  return type.example ?? (type.schema === null ? null : ofSchema(type.schema));
}

function ofSchema(schema: unknown): unknown {
  if (!isObject(schema)) return null;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0] as unknown;
  for (const name of ['example', 'default', 'const']) if (Object.hasOwn(schema, name)) return schema[name];
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as unknown;
  if (isObject(schema.properties)) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, ofSchema(property)]),
    );
  }
  return ofType(schema.type);
}

function ofType(type: unknown): unknown {
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return {};
    case 'array':
      return [];
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
