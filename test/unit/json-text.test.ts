import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAtJson, MAX_DEPTH, MAX_MEMBERS } from '../../src/api/http/json-text.js';

const findingsIn = (text: string) => {
  const look = lookAtJson(text);
  if (look.kind !== 'looked_at') throw new Error(look.kind);
  return look.unfaithful;
};
const pointersOf = (text: string) => {
  JSON.parse(text);
  return findingsIn(text).map((error) => ('pointer' in error ? error.pointer : error.parameter));
};
/** A number by its decimal digits, apart from any floating point: sign, digits, power of ten. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  let digits = BigInt(whole + fraction);
  let exponent = BigInt(power) - BigInt(fraction.length);
  if (digits === 0n) return '0';
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent += 1n;
  }
  return `${sign}${digits}e${exponent}`;
}

describe('a number', () => {
  it.each([
    '0',
    '-0',
    '1.0',
    '0.1',
    '0.10',
    '1E5',
    '1e21',
    '1e+21',
    '1E-7',
    '0.30000000000000004',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740992',
    '9007199254740994',
    '123456789012345680',
    '100000000000000000000000',
    '1.7976931348623157e308',
    '5e-324',
    '0e999',
    '0.000000000000000000000000000000',
    '123456789.000000000000',
  ])('%s comes through unchanged', (number) => expect(pointersOf(number)).toEqual([]));

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '123456789012345678',
    '12345678901234567890',
    '1e400',
    '-1e400',
    '1e-400',
    '4.9e-324',
    '0.1000000000000000055511151231257827',
    '3.14159265358979323846',
    '1.0000000000000000000001',
    '9007199254740993.0',
    '9.007199254740993e15',
    '0.30000000000000003',
  ])('%s does not', (number) => expect(pointersOf(number)).toEqual(['']));

  it('is accepted exactly when its value comes out of parse and stringify unchanged', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][-+]?[0-9]{1,3})?$/);
    fc.assert(
      fc.property(digits, (text) => {
        const value = JSON.parse(text) as number;
        const faithful = Number.isFinite(value) && decimal(JSON.stringify(value)) === decimal(text);
        expect(pointersOf(text)).toEqual(faithful ? [] : ['']);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a double, as JavaScript writes it, is always accepted', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(pointersOf(JSON.stringify(value))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of very many digits is judged in no time', () => {
    const startedAt = performance.now();
    expect(pointersOf(`1.${'0'.repeat(60_000)}1`)).toEqual(['']);
    expect(pointersOf(`0.${'0'.repeat(60_000)}1`)).toEqual(['']);
    expect(pointersOf(`1${'0'.repeat(300)}${'.'}${'0'.repeat(60_000)}`)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('that is refused is not shown: it may be a secret without its quotes', () => {
    const detail = 'is a number that cannot be held exactly: send it as a string';
    expect(findingsIn('1e400')).toEqual([{ pointer: '', detail }]);
  });
});

describe('a key that is given twice', () => {
  it.each([
    ['{"a":1,"a":1}', ['/a']],
    ['{"a":1,"b":2,"a":3,"a":4}', ['/a', '/a']],
    ['{"a":1,"\\u0061":2}', ['/a']],
    ['{"\\u0061":1,"a":2}', ['/a']],
    ['{"a/b":1,"a\\/b":2}', ['/a~1b']],
    ['{"Zo\\u00eb":1,"Zoë":2}', ['/Zoë']],
    ['{"\\ud83d\\ude42":1,"🙂":2}', ['/🙂']],
    ['{"\\"":1,"\\u0022":2}', ['/"']],
    ['{"":1,"":2}', ['/']],
    ['{"1":1,"2":2,"1":3}', ['/1']],
    ['{"__proto__":1,"__proto__":2}', ['/__proto__']],
    ['{"a":{"b":1,"b":2}}', ['/a/b']],
    ['{"a":[0,{"b":1,"c":[],"b":{"d":1,"d":2}}]}', ['/a/1/b', '/a/1/b/d']],
    ['{"a":{"x":1},"b":{"x":1},"a":{}}', ['/a']],
    ['{ "a" : {} , "a" : [] }', ['/a']],
    [`{${Array.from({ length: 500 }, (_, n) => `"k${n}":${n},`).join('')}"k17":0}`, ['/k17']],
  ])('in %.60s is found where it is', (text, pointers) => expect(pointersOf(text)).toEqual(pointers));

  it.each([
    '{"a":1,"A":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"b","b":"a"}',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"e\u0301":1,"\u00e9":2}',
    '{"a\\\\":1,"a":2}',
    '{"1":1,"01":2,"1.0":3}',
  ])('is not in %s', (text) => expect(pointersOf(text)).toEqual([]));

  it('is found exactly where the parser loses a member', () => {
    const key = fc.constantFrom('a', 'b', '\\u0061', '', '0', '\\"');
    const json: fc.Arbitrary<string> = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.constantFrom('1', '"a"', 'null'), tie('object'), tie('list')),
      object: fc
        .array(fc.tuple(key, tie('value')), { maxLength: 4 })
        .map((members) => `{${members.map(([name, value]) => `"${name}":${value as string}`).join(',')}}`),
      list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    })).value as fc.Arbitrary<string>;
    fc.assert(
      fc.property(json, (text) => {
        const isWhole = JSON.stringify(JSON.parse(text)).split(':').length === text.split(':').length;
        expect(pointersOf(text).length === 0).toBe(isWhole);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('half a surrogate pair', () => {
  it.each([
    ['{"a":"\\ud800"}', '/a'],
    ['{"a":"\\uDBFF"}', '/a'],
    ['{"a":"\\udc00\\ud800"}', '/a'],
    ['{"a":"x\\ud83dx"}', '/a'],
    ['{"a":"\\ud83d🙂"}', '/a'],
    ['{"a":["ok",{"b":"\\uDFFF"}]}', '/a/1/b'],
    ['"\\ud800"', ''],
    ['{"a":1,"b\\ud800":2}', '/b\ufffd'],
  ])('in %s is found at %s', (text, pointer) => expect(pointersOf(text)).toEqual([pointer]));

  it.each([
    '"\\ud83d\\ude42"',
    '"🙂"',
    '{"\\ud83d\\ude42":"\\uD83D\\uDE42"}',
    '"\\\\ud800"',
    '"\\ufffd \\u0800 \\ue000"',
  ])('is not in %s', (text) => expect(pointersOf(text)).toEqual([]));

  it('is found exactly in text that UTF-8 does not bring through', () => {
    const unit = fc.constantFrom('\ud83d', '\ude42', 'a', '🙂', '\\', '"');
    fc.assert(
      fc.property(
        fc.array(unit).map((units) => units.join('')),
        (value) => {
          // As a sender writes it that escapes what is beyond ASCII.
          const escaped = JSON.stringify(value).replace(
            /[^\x20-\x7e]/g,
            (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
          );
          expect(pointersOf(escaped).length === 0).toBe(Buffer.from(value).toString() === value);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('members', () => {
  const wide = (members: number) => `{${Array.from({ length: members }, (_, n) => `"${n}":1`).join(',')}}`;

  it('are counted in all objects together, and no further than it matters', () => {
    expect(lookAtJson(wide(MAX_MEMBERS))).toMatchObject({ kind: 'looked_at', members: MAX_MEMBERS });
    expect(lookAtJson(wide(MAX_MEMBERS + 1))).toEqual({ kind: 'too_many_members' });
    expect(lookAtJson(`[${wide(MAX_MEMBERS - 1)},{"a":{"b":1}}]`)).toEqual({ kind: 'too_many_members' });
    expect(lookAtJson('{"a":"b:c","d":[{"e":":"}]}')).toMatchObject({ members: 3 });
  });
});

describe('text that is not JSON', () => {
  it('is looked at to its end, whatever it is', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u',
      'd8',
      '-',
      '1',
      'e',
      ' ',
      'a',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
        (text) => {
          expect(lookAtJson(text).kind).toBe('looked_at');
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe('the pointer', () => {
  it.each([
    ['{"a":1e400}', '/a'],
    ['[0,1e400]', '/1'],
    ['{"a":{"b":[1,{"c":[[],[0,1e400]]}]}}', '/a/b/1/c/1/1'],
    ['{"a":[],"b":{},"c":1e400}', '/c'],
    ['{"a":{"x":1},"b":1e400}', '/b'],
    ['{"a":[{"x":1},{"y":2}],"b":[[1],[2,1e400]]}', '/b/1/1'],
    ['{"a":"b","c":"1e400","d":1e400}', '/d'],
    ['{ "a" : "x" , "b" : [ "y" , "z" , 1e400 ] }', '/b/2'],
    ['{"a/b":{"c~d":1e400}}', '/a~1b/c~0d'],
    ['{"a\\"b":1e400}', '/a"b'],
    ['{"a\\\\":1e400}', '/a\\'],
    ['{"\\u0061":1e400}', '/a'],
    ['{"":1e400}', '/'],
    ['{"":{"":1e400}}', '//'],
    ['{"a":1,"":1e400}', '/'],
    ['{"1e400":1e400}', '/1e400'],
    ['{"a":"{\\"b\\":[1e400,","c":1e400}', '/c'],
    ['{"Zoë ☃":1e400}', '/Zoë ☃'],
    ['{"a":[[[[1e400]]]]}', '/a/0/0/0/0'],
    ['[[],[],"",true,null,false,{},1e400]', '/7'],
  ])('in %s is %s', (text, pointer) => expect(pointersOf(text)).toEqual([pointer]));

  it('is given for every such number', () => {
    expect(pointersOf('{"a":1e400,"b":[1,9007199254740993],"c":0.5}')).toEqual(['/a', '/b/1']);
  });

  it('leads to the number, wherever it is', () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.nat(20)), { minLength: 1, maxLength: 8 }),
        json,
        (path, other) => {
          const text = path.reduceRight<string>(
            (inner, step) =>
              typeof step === 'number'
                ? `[${`${JSON.stringify(other)},`.repeat(step)}${inner}]`
                : `{"beside${step.length}":${JSON.stringify(other)} , ${JSON.stringify(step)} : ${inner}}`,
            '1e400',
          );
          const wanted = path
            .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
            .join('');
          expect(pointersOf(text)).toEqual([wanted]);
        },
      ),
    );
  });
});

describe('a JSON value', () => {
  it('as JavaScript writes it is faithful, and is the same after parse and stringify', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(pointersOf(text)).toEqual([]);
        expect(JSON.stringify(JSON.parse(JSON.stringify(JSON.parse(text))))).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('may be spread out with white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(pointersOf(JSON.stringify(value, null, '\t'))).toEqual([]);
      }),
    );
  });
});

describe('nesting', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it(`is accepted ${MAX_DEPTH} levels deep, and no deeper`, () => {
    expect(pointersOf(nested(MAX_DEPTH))).toEqual([]);
    expect(pointersOf(nestedObjects(MAX_DEPTH))).toEqual([]);
    expect(pointersOf(nested(MAX_DEPTH + 1))).toEqual(['/0/0']);
    expect(pointersOf(`{"event_type":"x","data":${nestedObjects(MAX_DEPTH)}}`)).toEqual(['/data/a']);
  });

  it('side by side does not count', () => {
    expect(pointersOf(`[${`${nested(MAX_DEPTH - 1)},`.repeat(50)}1]`)).toEqual([]);
  });

  it('of half a million levels breaks nothing', () => {
    expect(pointersOf(nested(500_000))).toHaveLength(1);
  });
});
