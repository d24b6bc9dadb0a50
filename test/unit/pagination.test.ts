import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventPageQuery, pageOf, pageQuery } from '../../src/api/http/pagination.js';

const page = z.strictObject(pageQuery);
const eventPage = z.strictObject(eventPageQuery);
const UUID = '0b0e7c1e-6a0e-4d0c-9d9b-0d6f0b8a1c11';
const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: UUID.replace('0b', String(10 + n)),
    createdAt: new Date(n),
  }));

/** A page of a list that holds these rows. */
const pageFrom = <T extends { id: string; createdAt: Date }>(all: readonly T[], limit: number) =>
  pageOf({ limit }, (request) => Promise.resolve(all.slice(0, request.limit)));

describe('a limit', () => {
  it.each(['1', '9', '10', '50', '99', '100'])('may be %s', (limit) =>
    expect(page.parse({ limit }).limit).toBe(Number(limit)),
  );

  it('is 50 when nothing is said', () => expect(page.parse({}).limit).toBe(50));

  it.each([
    '',
    '0',
    '101',
    '-1',
    '+5',
    '1.0',
    '1.5',
    '0x10',
    '0b1',
    '1e1',
    ' 10',
    '10 ',
    '010',
    '１０',
    'x',
    ['5', '5'],
  ])('cannot be %j', (limit) => expect(page.safeParse({ limit }).success).toBe(false));
});

describe('a page', () => {
  it('that is the last has no cursor', async () => {
    expect(await pageFrom(rows(2), 2)).toEqual({ rows: rows(2), nextCursor: null });
    expect(await pageFrom([], 2)).toEqual({ rows: [], nextCursor: null });
  });

  it('asks for what comes after its cursor', async () => {
    const cursor = { createdAt: new Date(7), id: UUID };
    const asked = await new Promise((resolve) => {
      void pageOf({ limit: 2, cursor }, (request) => {
        resolve(request);
        return Promise.resolve([]);
      });
    });
    expect(asked).toEqual({ after: cursor, limit: 3 });
  });

  it('that is not the last has the cursor of its last row', async () => {
    const { rows: shown, nextCursor } = await pageFrom(rows(3), 2);
    expect(shown).toEqual(rows(2));
    expect(page.parse({ cursor: nextCursor }).cursor).toEqual(rows(2).at(-1));
  });

  it('leads on from any event id and any time', async () => {
    const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.date({ min: new Date(0), max: new Date('5000-01-01'), noInvalidDate: true }),
        async (id, createdAt) => {
          const { nextCursor } = await pageFrom(
            [
              { id, createdAt },
              { id, createdAt },
            ],
            1,
          );
          expect(nextCursor).toMatch(/^[A-Za-z0-9_-]+$/);
          expect(eventPage.parse({ cursor: nextCursor }).cursor).toEqual({ id, createdAt });
        },
      ),
    );
  });
});

describe('limit', () => {
  it('is 50 when nothing is said, and 1 to 100', () => {
    expect(page.parse({}).limit).toBe(50);
    expect(page.parse({ limit: '1' }).limit).toBe(1);
    expect(page.parse({ limit: '100' }).limit).toBe(100);
  });

  it.each(['0', '101', '-1', '1.5', 'ten', '', 'NaN', 'Infinity', ['1', '2']])('%j is refused', (limit) =>
    expect(page.safeParse({ limit }).success).toBe(false),
  );
});

describe('a cursor', () => {
  const encoded = (text: string) => Buffer.from(text).toString('base64url');

  it.each([
    '',
    'garbage',
    encoded('1'),
    encoded('1/'),
    encoded(`/${UUID}`),
    encoded(`-1/${UUID}`),
    encoded(`1e3/${UUID}`),
    encoded(`999999999999999/${UUID}`),
    encoded(`1/${UUID}x`),
    encoded(`1/${UUID.toUpperCase()}`),
    encoded(`1/msg_1`),
    encoded(`1/${UUID}\n`),
    encoded(`1/' or 1=1`),
    'x'.repeat(10_000),
  ])('%j is none that a list gave', (cursor) => expect(page.safeParse({ cursor }).success).toBe(false));

  it('of random bytes never throws, and never reaches the database as something else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (cursor) => {
          for (const schema of [page, eventPage]) {
            const result = schema.safeParse({ cursor });
            const position = result.data?.cursor;
            if (position) expect(Number.isNaN(position.createdAt.getTime())).toBe(false);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('of any number of milliseconds is a time', () => {
    const { cursor } = page.parse({ cursor: encoded(`99999999999999/${UUID}`) });
    expect(Number.isNaN(cursor?.createdAt.getTime())).toBe(false);
  });
});
