import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

/**
 * JSON Schemas that callers bring. They are programs: a pattern may backtrack for years, `anyOf` may double with
 * every level, `$ref` may lead to itself. Nothing here ends them: only the schema worker calls this (0010).
 */

/** What is wrong, and where: property names and indices from the value's root. */
export interface SchemaProblem {
  readonly path: readonly string[];
  readonly detail: string;
}

/** Says what is wrong with a value; nothing for one that satisfies the schema. */
export type SchemaCheck = (value: unknown) => readonly SchemaProblem[];

/** What a schema was made into, or why it is none that can be used. */
export type CompiledSchema =
  | { readonly kind: 'compiled'; readonly check: SchemaCheck }
  | { readonly kind: 'refused'; readonly problem: SchemaProblem };

const MAX_PROBLEMS = 20;
/** ajv's messages quote patterns and references in full. */
const MAX_MESSAGE_CHARACTERS = 200;
/** An API error's pointer is cut at 200. */
const MAX_PATH_CHARACTERS = 256;

/**
 * A pattern with its machine code made, which V8 otherwise leaves to the first and the second text, apart for texts
 * within Latin-1 and beyond: a pattern that is too large for that is refused with its schema, not with an event.
 */
const tried = Object.assign(
  (pattern: string, flags: string) => {
    const expression = new RegExp(pattern, flags);
    for (const text of ['', '', '\u0100', '\u0100']) expression.test(text);
    return expression;
  },
  { code: 'new RegExp' },
);

/** Unknown keywords are notes, as JSON Schema says; what the schema refers to must be inside it. */
const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  // `toString` is nobody's property unless the data has it.
  ownProperties: true,
  formats: fullFormats,
  validateSchema: false,
  logger: false,
  code: { regExp: tried },
};
const DIALECTS = {
  'https://json-schema.org/draft/2020-12/schema': Ajv2020,
  'https://json-schema.org/draft/2019-09/schema': Ajv2019,
  'http://json-schema.org/draft-07/schema': Ajv,
} as const;
const DEFAULT_DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** The dialects' own schemas take a hundred times as long to make as most schemas: only for those that refer to them. */
const REFERS_TO_DIALECT = /"\$ref":"https?:\/\/json-schema\.org\//;
/** What some schemas (a `$dynamicRef` that ajv cannot follow, a `$ref` to itself) fail on whatever they are given. */
const SAMPLES = [null, '', {}, []];

/** Compares schemas with a dialect's own; made once each. */
const judges = new Map<keyof typeof DIALECTS, Ajv>();

/**
 * Makes a check of a JSON Schema: 2020-12, or what its `$schema` names of 2019-09 and draft-07.
 * @param text the schema as JSON: an object
 */
export function compileSchema(text: string): CompiledSchema {
  const refuse = (detail: string, path: readonly string[] = []): CompiledSchema => ({
    kind: 'refused',
    problem: { path, detail },
  });
  const schema = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const dialect = dialectOf(schema);
  if (!dialect) return refuse(`must be one of ${Object.keys(DIALECTS).join(', ')}`, ['$schema']);
  if (Object.hasOwn(schema, '$async')) return refuse('is not supported', ['$async']);
  try {
    const judge = judgeOf(dialect);
    if (judge.validateSchema(schema) !== true) {
      const [error] = judge.errors ?? [];
      judge.errors = null;
      return refuse(`is not a JSON Schema: ${cut(error?.message ?? 'it is not valid')}`, pathOf(error));
    }
    // A validator of its own: schemas of different applications may have the same `$id`.
    const validator = new DIALECTS[dialect]({ ...OPTIONS, meta: REFERS_TO_DIALECT.test(text) });
    const validate = validator.compile(schema);
    for (const sample of SAMPLES) problemsBy(validate, sample);
    return { kind: 'compiled', check: (value) => safely(validate, value) };
  } catch (error) {
    return refuse(`is not a usable JSON Schema: ${reasonOf(error)}`);
  }
}

function dialectOf({ $schema = DEFAULT_DIALECT }: Readonly<Record<string, unknown>>) {
  if (typeof $schema !== 'string') return undefined;
  const name = $schema.replace(/#$/, '');
  return Object.hasOwn(DIALECTS, name) ? (name as keyof typeof DIALECTS) : undefined;
}

function judgeOf(dialect: keyof typeof DIALECTS): Ajv {
  const known = judges.get(dialect);
  if (known) return known;
  const judge = new DIALECTS[dialect]({ ...OPTIONS, allErrors: false });
  judges.set(dialect, judge);
  return judge;
}

/** Some schemas compile and fail on certain values. */
function safely(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  try {
    return problemsBy(validate, value);
  } catch (error) {
    return [{ path: [], detail: `cannot be checked by the event type's schema: ${reasonOf(error)}` }];
  }
}

function problemsBy(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  try {
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map((error) => ({
      path: pathOf(error),
      detail: `does not satisfy the event type's schema: ${cut(error.message ?? error.keyword)}`,
    }));
  } finally {
    // ajv leaves them there, and they may be millions.
    validate.errors = null;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it does not end';
  return cut(error instanceof Error ? error.message : 'unknown');
}

/** What a message quotes stands in its middle. */
function cut(message: string): string {
  if (message.length <= MAX_MESSAGE_CHARACTERS) return message;
  const half = MAX_MESSAGE_CHARACTERS / 2;
  return `${message.slice(0, half)}…${message.slice(-half)}`;
}

function pathOf(error: ErrorObject | undefined): string[] {
  const parts = (error?.instancePath ?? '').slice(0, MAX_PATH_CHARACTERS).split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
