import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { inTime, isOutOfTime } from './cut-off.js';

/**
 * JSON Schemas that callers bring. They are programs: a pattern may backtrack for years, `anyOf` may double with
 * every level, `$ref` may lead to itself. So both compiling and checking are cut off by the clock.
 */

/** What is wrong, and where: property names and indices from the value's root. */
export interface SchemaProblem {
  readonly path: readonly string[];
  readonly detail: string;
}

/** Says what is wrong with a value; nothing for one that satisfies the schema. */
export type SchemaCheck = (value: unknown) => readonly SchemaProblem[];

const MAX_SCHEMA_CHARACTERS = 65_536;
const MAX_PROBLEMS = 20;
/** The thread that does this serves everybody: what takes longer is refused. */
const COMPILE_LIMIT_MS = 1_000;
const CHECK_LIMIT_MS = 100;

/** Unknown keywords are notes, as JSON Schema says; what the schema refers to must be inside it. */
const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  formats: fullFormats,
  validateSchema: false,
  logger: false,
};
const DIALECTS = {
  'https://json-schema.org/draft/2020-12/schema': Ajv2020,
  'https://json-schema.org/draft/2019-09/schema': Ajv2019,
  'http://json-schema.org/draft-07/schema': Ajv,
} as const;
const DEFAULT_DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** What a schema was made into, or why it is none that can be used. */
export type CompiledSchema =
  | { readonly kind: 'compiled'; readonly check: SchemaCheck }
  | { readonly kind: 'refused'; readonly problem: SchemaProblem };

/** Makes a check of a JSON Schema: 2020-12, or what its `$schema` names of 2019-09 and draft-07. */
export function compileSchema(schema: Readonly<Record<string, unknown>>): CompiledSchema {
  const refuse = (detail: string, path: readonly string[] = []): CompiledSchema => ({
    kind: 'refused',
    problem: { path, detail },
  });
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS) {
    return refuse(`must have at most ${MAX_SCHEMA_CHARACTERS} characters as JSON`);
  }
  const dialect = dialectOf(schema);
  if (!dialect) return refuse(`must be one of ${Object.keys(DIALECTS).join(', ')}`, ['$schema']);
  if ('$async' in schema) return refuse('is not known here', ['$async']);
  const validator = new dialect(OPTIONS);
  try {
    // The dialect's own schema is compiled first, which is not the caller's to pay for.
    void validator.validateSchema({});
    const validate = inTime(COMPILE_LIMIT_MS, () => {
      if (validator.validateSchema(schema) !== true) return null;
      return validator.compile(schema);
    });
    if (!validate) {
      const [error] = validator.errors ?? [];
      return refuse(`is not a JSON Schema: ${error?.message ?? 'it is not valid'}`, pathOf(error));
    }
    return { kind: 'compiled', check: (value) => check(validate, value) };
  } catch (error) {
    if (isOutOfTime(error)) return refuse('takes too long to compile');
    return refuse(`is not a usable JSON Schema: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function dialectOf({ $schema = DEFAULT_DIALECT }: Readonly<Record<string, unknown>>) {
  const name = String($schema).replace(/#$/, '');
  return Object.hasOwn(DIALECTS, name) ? DIALECTS[name as keyof typeof DIALECTS] : undefined;
}

function check(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  try {
    if (inTime(CHECK_LIMIT_MS, () => validate(value))) return [];
    return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map((error) => ({
      path: pathOf(error),
      detail: `does not satisfy the event type's schema: ${error.message ?? error.keyword}`,
    }));
  } catch (error) {
    if (isOutOfTime(error)) {
      return [{ path: [], detail: "takes too long to check by the event type's schema" }];
    }
    // Its `$ref`s lead in a circle.
    if (error instanceof RangeError) {
      return [{ path: [], detail: "cannot be checked by the event type's schema, which does not end" }];
    }
    throw error;
  }
}

function pathOf(error: ErrorObject | undefined): string[] {
  const parts = (error?.instancePath ?? '').split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
