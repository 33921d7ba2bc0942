// What the store needs of a database, so that the same queries run on SQLite and on PostgreSQL.
import type { Kysely, RawBuilder } from 'kysely';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

export interface Engine {
  /** The database's own clock, in milliseconds since 1970. */
  readonly nowMs: RawBuilder<number>;
  /** Whether rows are locked by asking for it. SQLite has a single writer, which locks everything. */
  readonly locksRows: boolean;
  /** Table option for small rows that are found by their primary key. */
  readonly compactTables: string;
  /** Reads what is committed. */
  read<Result>(query: (db: Database) => Promise<Result>): Promise<Result>;
  /**
   * One transaction, durable once it resolves; all of `work` is undone when it throws. May run `work` again after a
   * deadlock. Throws `store.busy`, `store.unavailable` (both retryable), `store.failed`, and what `work` throws.
   */
  write<Result>(work: (db: Database) => Promise<Result>): Promise<Result>;
  /** Until the transaction ends nobody else passes a lock of the same name. */
  lockName(db: Database, name: string): Promise<void>;
  close(): Promise<void>;
}
