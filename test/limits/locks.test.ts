import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/database/migrate.js';
import { ensurePartitions } from '../../src/store/database/partitions.js';
import { holdEveryTable } from '../support/backup.js';
import {
  connectTo,
  createDatabase,
  openPool,
  waitingForLocks,
  type TestDatabase,
} from '../support/database.js';
import { dropDay, lacks, lastDayAhead } from '../support/days-of-log.js';
import { withLaterMigration, type LaterMigrations } from '../support/migrations.js';
import { Receiver } from '../support/receiver.js';
import { startTestPosthorn } from '../support/test-posthorn.js';

/** Whoever changes the schema waits for nobody in a way that others wait behind: a backup reads every table for hours. */

const quiet = pino({ level: 'silent' });

describe('while a backup reads every table', () => {
  it('a day gets its partitions, deliveries go on, and a process starts', { timeout: 120_000 }, async () => {
    const posthorn = await startTestPosthorn();
    const receiver = await Receiver.start();
    const { app } = await posthorn.api.createApp('standard');
    await posthorn.api.createWebhook(app.id, { url: receiver.url });
    const deliver = async () => {
      const { id } = await posthorn.api.submit(app.id, { event_type: 'a', data: 1 });
      await posthorn.api.eventThatIs('delivered', app.id, id, 5_000);
    };
    const pool = openPool(posthorn.databaseUrl, 2);
    const day = lastDayAhead();
    await dropDay(posthorn.databaseUrl, day);

    await holdEveryTable(posthorn.databaseUrl);
    let made = false;
    const making = ensurePartitions(pool, new Date(day), 1).then(() => (made = true));
    do await deliver();
    while (!made);
    await making;
    expect(await lacks(posthorn.databaseUrl, day)).toEqual([]);
    await deliver();
    await posthorn.restart();
    await deliver();
  });

  it(
    'a process starts without the days to come when even those must wait',
    { timeout: 120_000 },
    async () => {
      const posthorn = await startTestPosthorn();
      await dropDay(posthorn.databaseUrl, lastDayAhead());
      // As somebody who vacuums, or makes an index.
      const other = await holdEveryTable(posthorn.databaseUrl, 'share update exclusive');
      await posthorn.restart();
      expect(posthorn.log.some((line) => line.includes('those of today and tomorrow exist'))).toBe(true);
      await other.end();
      await posthorn.restart();
      expect(await lacks(posthorn.databaseUrl, lastDayAhead())).toEqual([]);
    },
  );
});

describe('a migration', () => {
  let database: TestDatabase;
  let later: LaterMigrations;
  beforeEach(async () => {
    database = await createDatabase();
    // It changes a table that others use.
    later = await withLaterMigration({
      up: 'alter table deliveries add column later boolean',
      down: 'alter table deliveries drop column later',
    });
  });

  it('of a schema that is up to date waits for nobody', async () => {
    await holdEveryTable(database.url);
    // Another process migrates, or has been lost in it.
    const other = await connectTo(database.url);
    await other.query('select pg_advisory_lock(7081542)');
    await migrate(database.url, quiet);
  });

  it(
    'says whom it waits for, lets the others go on, and is done when they end',
    { timeout: 60_000 },
    async () => {
      const backup = await holdEveryTable(database.url);
      const log: string[] = [];
      const logger = pino({ base: null }, { write: (line) => log.push(line) });
      const migrating = migrate(database.url, logger, { folder: later.folder });
      await expect
        .poll(() => log)
        .toMatchObject([expect.stringMatching(/a backup \(process \d+, since .*waits for other sessions/)]);
      await backup.end();
      await migrating;
      expect(await waitingForLocks(database.url)).toBe(0);
      await expect(database.query('select later from deliveries')).resolves.toMatchObject({ rows: [] });
    },
  );

  it('that has waited for too long names who is in the way', { timeout: 60_000 }, async () => {
    const { folder } = later;
    const backup = await holdEveryTable(database.url);
    await expect(migrate(database.url, quiet, { folder, patienceMs: 0 })).rejects.toThrow(
      /a backup \(process \d+/,
    );
    await backup.end();
    await migrate(database.url, quiet, { folder });
  });
});
