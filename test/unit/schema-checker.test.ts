import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../../src/api/http/problem.js';
import { createSchemaChecker, schemaKey, type SchemaChecker } from '../../src/api/json-schema/checker.js';
import { SCHEMA_WORKER } from '../support/test-posthorn.js';

/** Callers' schemas in their own process: what they may use, and what they must not take from others. */

const checkers: SchemaChecker[] = [];
afterEach(() => Promise.all(checkers.splice(0).map((checker) => checker.close())));

function start(limits?: Parameters<typeof createSchemaChecker>[1]) {
  const checker = createSchemaChecker(SCHEMA_WORKER, limits);
  checkers.push(checker);
  return {
    register: (appId: string, schema: unknown) =>
      outcome(checker.problemWithSchema(appId, JSON.stringify(schema))),
    check: (appId: string, schema: unknown, data: unknown) => {
      const text = JSON.stringify(schema);
      return outcome(checker.problemsWithData(appId, { key: schemaKey(text), text }, data));
    },
    checker,
  };
}

/** What came of it, a refusal for now as its code. */
async function outcome<T>(promise: Promise<T>): Promise<T | string> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

async function timed<T>(promise: Promise<T>): Promise<{ ms: number; value: T }> {
  const startedAt = performance.now();
  return { value: await promise, ms: performance.now() - startedAt };
}

const wordsOf = (detail: string) => [{ path: [], detail: expect.stringContaining(detail) as string }];
const backtracking = (n = 0) => ({ $comment: String(n), pattern: '^(a+)+$' });
const bait = `${'a'.repeat(60)}!`;
const doubling = {
  $ref: '#/$defs/l0',
  $defs: {
    ...(Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `l${n}`,
        { anyOf: [{ $ref: `#/$defs/l${n + 1}` }, { $ref: `#/$defs/l${n + 1}` }] },
      ]),
    ) as Record<string, unknown>),
    l40: { type: 'null' },
  },
};
const slow = { items: { pattern: '^(a+)+$' } };
/** Some milliseconds of work by `slow` each. */
const slowData = (length: number) => Array.from({ length }, () => `${'a'.repeat(18)}!`);

describe('a check', () => {
  it('says what is wrong', async () => {
    const { check } = start();
    expect(await check('app', { type: 'string' }, 1)).toMatchObject(wordsOf('must be string'));
    expect(await check('app', { type: 'string' }, 'a')).toEqual([]);
  });

  it('asks for the schema’s text once', async () => {
    const { checker } = start();
    const text = '{"type":"string"}';
    const key = schemaKey(text);
    expect(await checker.problemsWithData('app', { key }, 1)).toBe('unknown');
    expect(await checker.problemsWithData('app', { key, text }, 1)).toHaveLength(1);
    expect(await checker.problemsWithData('app', { key }, 'a')).toEqual([]);
  });

  it('gets the data as they are', async () => {
    const { check } = start();
    const data = JSON.parse('{"__proto__":{"a":1}}') as unknown;
    expect(await check('app', { required: ['__proto__'] }, data)).toEqual([]);
    expect(await check('app', { required: ['a'] }, data)).toHaveLength(1);
  });
});

describe('a hostile schema is cut off', () => {
  it.each<[string, unknown, unknown]>([
    ['that backtracks', backtracking(), bait],
    [
      'that has very many errors',
      { items: { allOf: Array.from({ length: 2_000 }, () => false) } },
      bigList(),
    ],
  ])('%s', async (_what, schema, data) => {
    const { check } = start();
    const { value, ms } = await timed(check('app', schema, data));
    expect(value).toMatchObject(wordsOf('takes too'));
    expect(ms).toBeLessThan(15_000);
    // The process is there again for others.
    expect(await check('other', { type: 'string' }, 'a')).toEqual([]);
  });

  it('that doubles with every level: when it is registered', async () => {
    const { register } = start();
    const { value, ms } = await timed(register('app', doubling));
    expect(value).toMatchObject({ path: [], detail: expect.stringContaining('takes too long') as string });
    expect(ms).toBeLessThan(15_000);
  });

  it('that V8 compiles for long', async () => {
    const { register, check } = start();
    const { ms } = await timed(register('app', { pattern: '\\p{L}'.repeat(10_500) }));
    expect(ms).toBeLessThan(25_000);
    expect(await check('other', { type: 'string' }, 'a')).toEqual([]);
  });

  it('and is not tried again for some seconds; after three, nothing of its application is', async () => {
    const { check, register } = start({ register: 500, compile: 500, check: 100 });
    expect(await check('app', backtracking(), bait)).toMatchObject(wordsOf('too long'));
    const { value, ms } = await timed(check('app', backtracking(), 'a'));
    expect(value).toBe('busy');
    expect(ms).toBeLessThan(100);
    expect(await check('app', { type: 'string' }, 'a')).toEqual([]);
    expect(await check('app', backtracking(1), bait)).toMatchObject(wordsOf('too long'));
    expect(await check('app', backtracking(2), bait)).toMatchObject(wordsOf('too long'));
    expect(await check('app', { type: 'string' }, 'a')).toBe('busy');
    expect(await register('app', {})).toBe('busy');
    expect(await check('other', backtracking(), 'a')).toEqual([]);
  });

  it('and what waits behind it is told to come again, at once', async () => {
    const { check } = start();
    const [first, ...rest] = await Promise.all(
      Array.from({ length: 20 }, () => check('app', backtracking(), bait)),
    );
    expect(first).toMatchObject(wordsOf('too long'));
    expect(new Set(rest)).toEqual(new Set(['busy']));
    expect(await check('other', { type: 'string' }, 'a')).toEqual([]);
  });

  it('without keeping this process from its work', async () => {
    const { check } = start();
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await check('app', backtracking(), bait);
    clearInterval(beat);
    expect(longest).toBeLessThan(300);
  });
});

describe('what only had to wait', () => {
  it('is not refused: here', async () => {
    const { check } = start();
    await check('app', slow, []);
    const answer = check('app', slow, ['a']);
    await sleep(1);
    const until = performance.now() + 2_000;
    while (performance.now() < until);
    expect(await answer).toEqual([]);
  });

  it('is not refused: for a processor', async () => {
    const { check } = start();
    await check('app', slow, slowData(1));
    // As much as takes 200 ms when nothing else is done; 500 are allowed.
    let length = 4;
    while ((await timed(check('app', slow, slowData(length)))).ms < 200) length *= 1.2;
    // Enough that it takes some 900 ms, few enough that it is done within its 5.5 s on a machine with other work.
    const others = Array.from(
      { length: Math.min(30, 4 * availableParallelism()) },
      () => new Worker('for (;;);', { eval: true, execArgv: [] }),
    );
    await Promise.all(others.map((other) => once(other, 'online')));
    const { value, ms } = await timed(check('app', slow, slowData(length)));
    await Promise.all(others.map((other) => other.terminate()));
    expect(value).toMatchObject(
      Array.from({ length: Math.min(20, Math.floor(length)) }, () => ({ path: [expect.any(String)] })),
    );
    expect(ms).toBeGreaterThan(500);
  }, 60_000);

  it('gets its turn between the many of another application', async () => {
    const { check } = start();
    await check('app', slow, []);
    const done: string[] = [];
    const many = Array.from({ length: 10 }, () =>
      check('app', slow, slowData(20)).then(() => done.push('app')),
    );
    await check('other', { type: 'string' }, 'a').then(() => done.push('other'));
    await Promise.all(many);
    expect(done.indexOf('other')).toBeLessThan(3);
  }, 60_000);

  it('is told to come again when too much waits', async () => {
    const { check } = start();
    const answers = await Promise.all(Array.from({ length: 600 }, () => check('app', {}, 1)));
    expect(answers.filter((answer) => answer === 'busy').length).toBeGreaterThan(50);
    expect(answers.filter((answer) => Array.isArray(answer)).length).toBeGreaterThan(400);
  });

  it('and what is checked when Posthorn stops is told to come again', async () => {
    const { check, checker } = start();
    await check('app', backtracking(), 'a');
    const answer = check('app', backtracking(), bait);
    await checker.close();
    expect(await answer).toBe('busy');
  });
});

it('the process of the schemas keeps no other alive', async () => {
  const script = `
    const { createSchemaChecker } = await import(process.argv[1]);
    const checker = createSchemaChecker(process.argv[2]);
    console.log(await checker.problemsWithData('app', { key: 'k', text: '{}' }, 1));`;
  const module = new URL('./checker.js', pathToFileURL(SCHEMA_WORKER)).href;
  const args = ['--input-type=module', '--eval', script, module, SCHEMA_WORKER];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  expect(stdout).toBe('[]\n');
});

it('a stop is not for the process of the schemas; whatever else ends it, the next check has another', async () => {
  const { check } = start();
  expect(await check('app', { type: 'string' }, 'a')).toEqual([]);
  const children = () =>
    readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').trim().split(' ').map(Number);
  const [before = 0] = children();
  process.kill(before, 'SIGTERM');
  expect(await check('app', { type: 'string' }, 'b')).toEqual([]);
  expect(children()).toEqual([before]);
  process.kill(before, 'SIGKILL');
  await expect.poll(children).not.toContain(before);
  expect(await check('app', { type: 'string' }, 'c')).toEqual([]);
});

it('200 hostile types take no memory of this process', async () => {
  const { check } = start();
  const before = process.memoryUsage().heapUsed;
  const data = Array.from({ length: 20_000 }, () => 1);
  for (let n = 0; n < 200; n += 1) {
    const properties = Object.fromEntries(
      Array.from({ length: 200 }, (_, m) => [`p${m}`, { type: 'string' }]),
    );
    const schema = { $comment: String(n), properties, items: { type: 'string' } };
    expect(await check(`app${n % 4}`, schema, data)).toHaveLength(20);
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 2 ** 20);
}, 120_000);

function bigList(): number[] {
  return Array.from({ length: 100_000 }, () => 1);
}
