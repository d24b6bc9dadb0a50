import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../src/api/json-schema/compile.js';

/** What is wrong with a value by a schema: a path and a message each. */
function problemsWith(schema: Record<string, unknown>, value: unknown) {
  const compiled = compileSchema(JSON.stringify(schema));
  if (compiled.kind === 'refused') throw new Error(`not a schema: ${compiled.problem.detail}`);
  return compiled.check(value);
}

const parcel = {
  type: 'object',
  properties: { weight: { type: 'number', minimum: 0 }, to: { type: 'string', format: 'email' } },
  required: ['weight'],
  additionalProperties: false,
};

describe('a schema', () => {
  it('lets through what satisfies it', () => {
    expect(problemsWith(parcel, { weight: 1.5, to: 'ada@example.com' })).toEqual([]);
    expect(problemsWith({}, null)).toEqual([]);
  });

  it('names every place that does not', () => {
    expect(problemsWith(parcel, { weight: -1, to: 'nobody' })).toMatchObject([
      { path: ['weight'], detail: expect.stringContaining('must be >= 0') as string },
      { path: ['to'], detail: expect.stringContaining('"email"') as string },
    ]);
    const awkward = { properties: { 'a/b~c': { type: 'array', items: { type: 'string' } } } };
    expect(problemsWith(awkward, { 'a/b~c': ['', 1] })).toMatchObject([{ path: ['a/b~c', '1'] }]);
  });

  it('names at most 20 of them', () => {
    const all = Array.from({ length: 1_000 }, () => 1);
    expect(problemsWith({ items: { type: 'string' } }, all)).toHaveLength(20);
  });

  it('is not quoted at length', () => {
    const [problem] = problemsWith({ pattern: `^${'a'.repeat(10_000)}$` }, 'b');
    expect(problem?.detail.length).toBeLessThan(300);
    const compiled = compileSchema(JSON.stringify({ $ref: `#/${'a'.repeat(10_000)}` }));
    expect(compiled.kind === 'refused' && compiled.problem.detail.length).toBeLessThan(300);
  });

  it('asks for properties of the data’s own', () => {
    expect(problemsWith({ required: ['toString'] }, {})).toHaveLength(1);
    expect(problemsWith({ properties: { constructor: { type: 'string' } } }, {})).toEqual([]);
  });

  it.each([
    'https://json-schema.org/draft/2020-12/schema',
    'https://json-schema.org/draft/2019-09/schema',
    'http://json-schema.org/draft-07/schema#',
  ])('may be written in %s', ($schema) => {
    expect(problemsWith({ $schema, $id: 'https://example.com/a', type: 'null' }, 1)).toHaveLength(1);
    // The same name again is no conflict: schemas of different applications know nothing of each other.
    expect(problemsWith({ $schema, $id: 'https://example.com/a', type: 'number' }, 1)).toEqual([]);
    // A schema that wants schemas.
    expect(problemsWith({ $schema, $ref: $schema }, { type: 'banana' })).not.toEqual([]);
    expect(problemsWith({ $schema, $ref: $schema }, { type: 'string' })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a type that there is not', { type: 'banana' }, 'type'],
    ['a nested one', { properties: { a: { minimum: 'x' } } }, 'properties/a/minimum'],
    ['an unknown dialect', { $schema: 'https://example.com/mine' }, '$schema'],
    ['a dialect that is a number', { $schema: 1 }, '$schema'],
    ['a dialect that is no text', { $schema: { toString: 1, valueOf: 1 } }, '$schema'],
    ['a reference to elsewhere', { $ref: 'https://example.com/other' }, ''],
    ['a pattern that is none', { pattern: '(' }, ''],
    ['an asynchronous one', { $async: true }, '$async'],
    ['one that leads to itself', { $ref: '#' }, ''],
    ['a dynamic reference that ajv cannot follow', { $dynamicRef: '#nowhere' }, ''],
    ['a pattern that V8 cannot make', { items: { pattern: 'a'.repeat(65_000) } }, ''],
  ])('is refused: %s', (_name, schema, path) => {
    expect(compileSchema(JSON.stringify(schema))).toMatchObject({
      kind: 'refused',
      problem: { path: path.split('/').filter(Boolean) },
    });
  });

  it('that ends for some data only is a problem of the others', () => {
    const schema = {
      properties: { a: { $ref: '#/$defs/loop' } },
      $defs: { loop: { allOf: [{ $ref: '#/$defs/loop' }] } },
    };
    expect(problemsWith(schema, {})).toEqual([]);
    expect(problemsWith(schema, { a: 1 })).toMatchObject([
      { path: [], detail: expect.stringContaining('does not end') as string },
    ]);
  });
});
