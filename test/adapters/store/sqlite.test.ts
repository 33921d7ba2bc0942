// The store contract on SQLite, and what holds for its files alone.
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { openStore, type Store } from '../../../src/adapters/store/index.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite-engine.ts';
import { describeStore } from './contract/index.ts';
import { START, type StoreWorld } from './contract/world.ts';

describe('the store on SQLite', () => {
  let folder: string;
  let directory: string;
  let world: StoreWorld;
  const opened: Store[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-store-'));
    directory = join(folder, 'state', 'store');
    world = {
      time: START,
      async open(options) {
        const store = await openStore({ directory, clock: { now: () => world.time }, ...options });
        opened.push(store);
        return store;
      },
      async execute(sql) {
        const database = new DatabaseSync(join(directory, 'countersign.sqlite'));
        database.exec(`pragma foreign_keys = off; ${sql}`);
        database.close();
      },
    };
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await rm(folder, { recursive: true });
  });

  describeStore(() => world);

  describe('its files', () => {
    it('can be read by nobody else', async () => {
      const store = await world.open();
      await store.writeMark('a', 'b');

      const mode = (name: string) => (statSync(join(directory, name)).mode & 0o777).toString(8);
      assert.equal(mode('.'), '700');
      for (const name of ['countersign.sqlite', 'countersign.sqlite-wal', 'countersign.sqlite-shm'])
        assert.equal(mode(name), '600', name);
    });

    it('are not made by a reader', async () => {
      await assert.rejects(world.open({ readOnly: true }), { code: 'store.absent' });
      assert.equal(existsSync(directory), false);
    });

    it('are written through to the disk on every commit', async () => {
      const engine = openSqlite(directory, false);
      const setting = (name: string) =>
        engine.write(
          async (db) => (await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db)).rows[0],
        );

      const settings = [
        await setting('journal_mode'),
        await setting('synchronous'),
        await setting('foreign_keys'),
      ];
      await engine.close();

      assert.deepEqual(
        settings.map((row) => ({ ...row })),
        [{ journal_mode: 'wal' }, { synchronous: 2 }, { foreign_keys: 1 }],
      );
    });
  });

  it('waits for another process that writes, with the event loop running', async () => {
    const store = await world.open();
    const other = new DatabaseSync(join(directory, 'countersign.sqlite'));
    other.exec('begin immediate');
    let turns = 0;
    const counting = setInterval(() => turns++, 1);

    const writing = store.writeMark('a', 'b');
    while (turns < 5) await new Promise(setImmediate);
    other.exec('commit');
    other.close();
    await writing;
    clearInterval(counting);

    assert.equal(await store.readMark('a'), 'b');
  });
});
