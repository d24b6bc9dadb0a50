import { expect, it } from 'vitest';
import { VERSION } from '../../src/lib/version.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';

it('a command that there is not is named, with what was meant', async () => {
  const posthorn = PosthornProcess.launch('strat', {});
  expect(await posthorn.ended).toBe(2);
  expect(posthorn.lines.filter((line) => line !== '')).toEqual([
    "error: unknown command 'strat'",
    '(Did you mean start?)',
  ]);
});

it('says its version', async () => {
  const posthorn = PosthornProcess.launch('--version', {});
  expect(await posthorn.ended).toBe(0);
  expect(posthorn.lines).toEqual([VERSION]);
});

it('migrates an empty database, and one that is up to date, and says which variable is missing', async () => {
  const database = await createDatabase();
  await database.query('drop schema public cascade; create schema public');
  for (let n = 0; n < 2; n += 1) {
    const posthorn = PosthornProcess.launch('migrate', { DATABASE_URL: database.url, LOG_LEVEL: 'warn' });
    expect(await posthorn.ended).toBe(0);
    expect(posthorn.lines.at(-1)).toBe('The schema is up to date.');
  }
  const { rows } = await database.query<{ tables: number }>(
    `select count(*)::int as tables from pg_tables where tablename = 'deliveries'`,
  );
  expect(rows[0]?.tables).toBe(1);
  const lost = PosthornProcess.launch('migrate', {});
  expect(await lost.ended).toBe(1);
  expect(lost.lines.join('')).toMatch(/^DATABASE_URL is not set/);
});

it('without a command it is `start`, which it says', async () => {
  const [bare, start] = [null, 'start'].map((command) => PosthornProcess.launch(command, { PORT: 'x' }));
  expect(await Promise.all([bare?.ended, start?.ended])).toEqual([1, 1]);
  expect(bare?.lines.join('\n')).toContain('PORT');
  expect(bare?.lines.filter((line) => !line.startsWith('This is `posthorn start`'))).toEqual(start?.lines);
  expect(bare?.lines).not.toEqual(start?.lines);
});
