import { expect, it } from 'vitest';
import { filtersOf, queryOf } from '../../../src/dashboard/logic/filters.js';

interface Filter {
  readonly status?: string;
  readonly since?: string;
}

it('takes the filters of an address that it knows, and that are not empty', () => {
  const search = new URLSearchParams('status=failed&since=&other=1');
  expect(filtersOf<Filter>(search, ['status', 'since'])).toEqual({ status: 'failed' });
});

it('writes them so that it reads them again', () => {
  const filters = { status: 'failed', since: '2026-11-30T12:00:00.000Z', until: undefined };
  const query = queryOf(filters);
  expect(query).toBe('?status=failed&since=2026-11-30T12%3A00%3A00.000Z');
  expect(filtersOf<Filter>(new URLSearchParams(query), ['status', 'since'])).toEqual({
    status: 'failed',
    since: '2026-11-30T12:00:00.000Z',
  });
  expect(queryOf({})).toBe('');
});
