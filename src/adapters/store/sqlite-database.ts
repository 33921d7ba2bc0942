// Node's own SQLite in the shape that Kysely's SqliteDialect expects, with prepared statements kept.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** Lists of varying length make new texts: beyond this the oldest statement is let go. */
const MOST_STATEMENTS = 200;

export function wrapSqlite(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = kept.get(sql);
      if (known) return known;
      const oldest = kept.keys().next();
      if (kept.size >= MOST_STATEMENTS && !oldest.done) kept.delete(oldest.value);
      const statement = wrapStatement(database.prepare(sql));
      kept.set(sql, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

function wrapStatement(statement: StatementSync): SqliteStatement {
  // Kysely binds only what our typed schema allows: text, numbers and null.
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
