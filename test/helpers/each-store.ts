// The same tests on each database that the product runs on: a fresh one for every test, with the world that is on it.
import { createDatabase, type TestDatabase } from './postgres.ts';
import { startWorld, type TestWorld, type WorldOptions } from './world.ts';

export interface OnStore {
  /** Once in a test. It is closed after it. */
  begin(options?: WorldOptions): Promise<TestWorld>;
}

export function onEachStore(what: string, tests: (store: OnStore) => void): void {
  for (const store of ['SQLite', 'PostgreSQL'] as const)
    describe(`${what}, on ${store}`, function () {
      this.timeout(180_000);
      let database: TestDatabase | undefined;
      let world: TestWorld | undefined;
      beforeEach(async function () {
        if (store === 'PostgreSQL') database = await createDatabase(this);
      });
      tests({
        async begin(options = {}) {
          const env = { ...options.env, ...(database && { DATABASE_URL: database.url }) };
          world = await startWorld({ ...options, env });
          return world;
        },
      });
      // What a test has of its own goes before what it stands on.
      afterEach(async () => {
        await world?.close();
        world = undefined;
        await database?.drop();
        database = undefined;
      });
    });
}
