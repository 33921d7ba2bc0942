// Brings a database to this version's schema. Two replicas may start at once; a database of a newer version is left alone.
import { sql } from 'kysely';
import { CountersignError } from '../../case/errors.ts';
import { type Clock, isoTime } from '../../ports/clock.ts';
import type { Database, Engine } from './engine.ts';
import { MIGRATIONS } from './migrations/index.ts';

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

/** Throws `store.newer`. All of it in one transaction: both databases can roll a table back. */
export async function migrate(engine: Engine, clock: Clock): Promise<void> {
  await engine.write(async (db) => {
    await engine.lockName(db, 'countersign.migrate');
    await sql`create table if not exists migration (version integer primary key, name text not null, applied_at text not null)`.execute(
      db,
    );
    const current = await currentVersion(db);
    for (const { version, name, statements } of MIGRATIONS.filter((one) => one.version > current)) {
      for (const statement of statements(engine.compactTables)) await sql.raw(statement).execute(db);
      await db
        .insertInto('migration')
        .values({ version, name, applied_at: isoTime(clock) })
        .execute();
    }
  });
}

/** For readers, who must not change anything. Throws `store.newer`, `store.older` and `store.absent`. */
export async function checkVersion(engine: Engine): Promise<void> {
  const current = await engine.read(currentVersion).catch((cause: unknown) => {
    const absent = cause instanceof CountersignError && cause.code === 'store.failed';
    throw absent
      ? new CountersignError('store.absent', 'The store is empty. Start Countersign once to create it.', {
          cause,
        })
      : cause;
  });
  if (current < NEWEST)
    throw new CountersignError(
      'store.older',
      `The store has schema ${current}, this version reads ${NEWEST}. Start Countersign once to bring it up to date.`,
    );
}

async function currentVersion(db: Database): Promise<number> {
  const row = await db
    .selectFrom('migration')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst();
  const current = row?.version ?? 0;
  if (current > NEWEST)
    throw new CountersignError(
      'store.newer',
      `The store was written by a newer version of Countersign (schema ${current}, this version knows ${NEWEST}). Install that version again, or restore a backup from before it.`,
    );
  return current;
}
