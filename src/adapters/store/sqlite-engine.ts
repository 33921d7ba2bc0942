// SQLite in one file: one connection that writes, one that reads what is committed. Every commit is on the disk when it returns.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { CountersignError } from '../../case/errors.ts';
import type { Engine } from './engine.ts';
import { translateStoreError } from './errors.ts';
import { createGroupCommit } from './group-commit.ts';
import type { Schema } from './schema.ts';
import { wrapSqlite } from './sqlite-database.ts';

export const SQLITE_FILE = 'countersign.sqlite';
const BUSY_TIMEOUT_MS = 5_000;

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
  const group = writer && writeDb && createGroupCommit(writer, writeDb, BUSY_TIMEOUT_MS);

  return {
    nowMs: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    locksRows: false,
    compactTables: 'without rowid',
    read: (query) =>
      query(readDb).catch((error: unknown) => {
        throw translateStoreError(error);
      }),
    write: async (work) => {
      if (!group) throw new CountersignError('store.read-only', 'The store was opened for reading.');
      return group.write(work);
    },
    lockName: async () => undefined,
    async close() {
      await group?.idle();
      for (const database of [reader, writer]) if (database?.isOpen) database.close();
    },
  };
}

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
  // From here on the group commit does the waiting, see there.
  writer.exec('pragma busy_timeout = 0');
  return writer;
}
