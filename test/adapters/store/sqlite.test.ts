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
import type { Case } from '../../../src/case/case.ts';
import { testWords } from '../../helpers/english.ts';
import { describeStore } from './contract/index.ts';
import { START, type StoreWorld } from './contract/world.ts';
import { moved, newCaseId, sampleCase } from './samples.ts';

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
        const store = await openStore({
          words: testWords,
          directory,
          clock: { now: () => world.time },
          ...options,
        });
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

  describe('transactions that share a commit', () => {
    const open = (store: Store, created: Case) => store.transact((tx) => tx.insertCase(created));
    const outcomes = async (all: readonly Promise<unknown>[]) =>
      (await Promise.allSettled(all)).map((one) => (one.status === 'fulfilled' ? 'kept' : one.reason.code));

    it('do not suffer when one of them throws', async () => {
      const store = await world.open();
      const [one, two, three] = [sampleCase(), sampleCase(), sampleCase()];

      const failing = store.transact(async (tx) => {
        await tx.insertCase(two);
        await tx.saveCase({ ...two, version: 9 });
      });

      assert.deepEqual(await outcomes([open(store, one), failing, open(store, three)]), [
        'kept',
        'store.stale',
        'kept',
      ]);
      assert.deepEqual(
        new Set((await store.listCases()).map((kept) => kept.id)),
        new Set([one.id, three.id]),
      );
    });

    it('do not suffer when one of them breaks the commit', async () => {
      const store = await world.open();
      const [one, two] = [sampleCase(), sampleCase()];

      const dangling = store.transact((tx) => tx.addStep(newCaseId(), { kind: 'route', key: '' }));

      assert.deepEqual(await outcomes([open(store, one), dangling, open(store, two)]), [
        'kept',
        'store.failed',
        'kept',
      ]);
      assert.deepEqual(new Set((await store.listCases()).map((kept) => kept.id)), new Set([one.id, two.id]));
      assert.equal(await store.nextDueInMs(), null);
    });

    it('are told nothing that was undone: a loser loses to somebody who really won', async () => {
      const store = await world.open();
      const contested = sampleCase();
      await open(store, contested);

      const winner = store.transact(async (tx) => {
        await tx.saveCase(moved(contested, { state: 'dismissed' }));
        await tx.addStep(newCaseId(), { kind: 'route', key: '' });
      });
      const second = store.transact((tx) => tx.saveCase(moved(contested, { state: 'executing' })));

      assert.deepEqual(await outcomes([winner, second]), ['store.failed', 'kept']);
      assert.equal((await store.readCase(contested.id))?.state, 'executing');
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
