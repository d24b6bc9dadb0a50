import pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/database/migrate.js';
import { ensurePartitions } from '../../src/store/database/partitions.js';
import { createPool } from '../../src/store/database/pool.js';
import { holdEveryTable } from '../support/backup.js';
import { createDatabase, waitingForLocks, type TestDatabase } from '../support/database.js';
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
    const pool = createPool({ databaseUrl: posthorn.databaseUrl, connections: 2, logger: quiet });
    const day = lastDayAhead();
    await dropDay(posthorn.databaseUrl, day);

    const backup = await holdEveryTable(posthorn.databaseUrl);
    try {
      let made = false;
      const making = ensurePartitions(pool, new Date(day), 1).then(() => (made = true));
      do await deliver();
      while (!made);
      await making;
      expect(await lacks(posthorn.databaseUrl, day)).toEqual([]);
      await deliver();
      await posthorn.restart();
      await deliver();
    } finally {
      await backup.end();
      await pool.end();
      await posthorn.stop();
      await receiver.stop();
    }
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
      await posthorn.stop();
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
  afterEach(async () => {
    await later.remove();
    await database.drop();
  });

  it('of a schema that is up to date waits for nobody', async () => {
    const backup = await holdEveryTable(database.url);
    // Another process migrates, or has been lost in it.
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query('select pg_advisory_lock(7081542)');
    await migrate(database.url, quiet);
    await other.end();
    await backup.end();
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
