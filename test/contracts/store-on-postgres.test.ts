// The store contract on a real PostgreSQL, and what holds there alone.
import assert from 'node:assert/strict';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { describeStore } from '../adapters/store/contract/index.ts';
import { START, type StoreWorld } from '../adapters/store/contract/world.ts';
import { testWords } from '../helpers/english.ts';
import { createDatabase, execute, type TestDatabase } from '../helpers/postgres.ts';

describe('the store on PostgreSQL', () => {
  let database: TestDatabase | undefined;
  let world: StoreWorld;
  const opened: Store[] = [];
  const clock = { now: () => world.time };

  beforeEach(async function () {
    database = await createDatabase(this);
    const { url } = database;
    world = {
      time: START,
      async open(options) {
        const store = await openStore({
          words: testWords,
          databaseUrl: url,
          directory: '/unused',
          clock,
          ...options,
        });
        opened.push(store);
        return store;
      },
      execute: (sql) => execute(url, sql),
    };
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await database?.drop();
    database = undefined;
  });

  describeStore(() => world);

  it('finds nothing to read in an empty database, and makes nothing', async () => {
    await assert.rejects(world.open({ readOnly: true }), { code: 'store.absent' });
    await world.execute('create table migration (version integer)');
  });

  it('works on after the server has closed its connections', async () => {
    const store = await world.open();
    await store.writeMark('a', 'b');

    await world.execute(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );

    const read = async () => store.readMark('a').catch((error) => error.code);
    const first = await read();
    assert.ok(first === 'b' || first === 'store.unavailable', first);
    assert.equal(await read(), 'b');
  });

  it('outlives a connection that the server closes in the middle of a transaction', async () => {
    const store = await world.open();
    await store.writeMark('a', 'b');

    const lost = store.transact(async (tx) => {
      await tx.isOurRequest('none');
      await world.execute(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      );
      // The connection says so by an event of its own, in a turn of its own: unheard, it would end the process.
      await new Promise((resolve) => setTimeout(resolve, 50));
      await tx.isOurRequest('none');
    });

    await assert.rejects(lost, { code: 'store.unavailable', retryable: true });
    const again = async () => store.readMark('a').catch((error) => error.code);
    await again();
    assert.equal(await again(), 'b');
  });

  it('says that the database cannot be reached, and that trying again may help', async () => {
    const opening = openStore({
      words: testWords,
      databaseUrl: 'postgres://a:b@127.0.0.1:1/none',
      directory: '/unused',
      clock,
    });

    await assert.rejects(opening, { code: 'store.unavailable', retryable: true });
  });
});
