// SQLite in one file: one connection that writes, one that reads what is committed. Every commit is on the disk when it returns.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { CountersignError } from '../../case/errors.ts';
import type { Engine } from './engine.ts';
import { isSqliteBusy, translateStoreError } from './errors.ts';
import type { Schema } from './schema.ts';
import { wrapSqlite } from './sqlite-database.ts';

export const SQLITE_FILE = 'countersign.sqlite';
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_PAUSE_MS = 5;

/** Creates `directory` (0700) and the file (0600) where they are missing. Read-only, it throws `store.absent` instead. */
export function openSqlite(directory: string, readOnly: boolean): Engine {
  const file = join(directory, SQLITE_FILE);
  if (readOnly && !existsSync(file))
    throw new CountersignError(
      'store.absent',
      `There is no store at ${file}. Start Countersign once to create it.`,
    );
  if (!readOnly) createFile(directory, file);
  const writer = readOnly ? null : openWriter(file);
  const reader = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  const readDb = new Kysely<Schema>({ dialect: new SqliteDialect({ database: wrapSqlite(reader) }) });
  const writeDb =
    writer && new Kysely<Schema>({ dialect: new SqliteDialect({ database: wrapSqlite(writer) }) });
  let queue: Promise<unknown> = Promise.resolve();

  async function inTransaction<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result> {
    if (!writer || !writeDb)
      throw new CountersignError('store.read-only', 'The store was opened for reading.');
    try {
      await begin(writer);
      const result = await work(writeDb);
      writer.exec('commit');
      return result;
    } catch (error) {
      if (writer.isTransaction) writer.exec('rollback');
      throw translateStoreError(error);
    }
  }

  return {
    nowMs: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    locksRows: false,
    read: (query) =>
      query(readDb).catch((error: unknown) => {
        throw translateStoreError(error);
      }),
    write(work) {
      const result = queue.then(() => inTransaction(work));
      // Between two transactions the event loop turns once: SQLite answers at once, so a queue of them would stop it.
      queue = result.then(nextTurn, nextTurn);
      return result;
    },
    lockName: async () => undefined,
    async close() {
      await queue;
      for (const database of [reader, writer]) if (database?.isOpen) database.close();
    },
  };
}

const nextTurn = (): Promise<void> => turn();

/** The file first, with its mode: SQLite gives the write-ahead log beside it the same one. */
function createFile(directory: string, file: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (existsSync(file)) return;
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function openWriter(file: string): DatabaseSync {
  const writer = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  writer.exec('pragma journal_mode = wal; pragma synchronous = full;');
  // From here on `begin` does the waiting, see there.
  writer.exec('pragma busy_timeout = 0');
  return writer;
}

/**
 * Takes the write lock. It waits here and not in SQLite, because SQLite would wait with the event loop stopped, and
 * the holder may be another store of this same process.
 */
async function begin(writer: DatabaseSync): Promise<void> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      writer.exec('begin immediate');
      return;
    } catch (error) {
      if (!isSqliteBusy(error) || performance.now() > deadline) throw error;
    }
    await sleep(BUSY_PAUSE_MS * (0.5 + Math.random()));
  }
}
