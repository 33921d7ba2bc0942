// PostgreSQL through one pool. Read committed throughout: what must not change under a transaction is locked by name or by row.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { CountersignError } from '../../case/errors.ts';
import type { Database, Engine } from './engine.ts';
import { shouldRerun, translateStoreError } from './errors.ts';
import type { Schema } from './schema.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const MOST_CONNECTIONS = 10;
const MOST_RUNS = 6;
const RERUN_PAUSE_MS = 10;

/** Connects on first use. Losing an idle connection is no error: the pool opens another. */
export function openPostgres(connectionString: string, readOnly: boolean): Engine {
  const pool = new pg.Pool({
    connectionString,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'countersign',
    types: { getTypeParser: parserOf },
  });
  pool.on('error', () => undefined);
  // The pool listens to idle connections alone: one that is lost in use would end the process, although its query fails anyway.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  async function write<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
    if (readOnly) throw new CountersignError('store.read-only', 'The store was opened for reading.');
    for (let run = 1; ; run++) {
      try {
        return await db.transaction().setIsolationLevel('read committed').execute(work);
      } catch (error) {
        if (!shouldRerun(error) || run >= MOST_RUNS) throw translateStoreError(error);
      }
      await sleep(RERUN_PAUSE_MS * run * Math.random());
    }
  }

  return {
    nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    locksRows: true,
    compactTables: '',
    read: (query) =>
      query(db).catch((error: unknown) => {
        throw translateStoreError(error);
      }),
    write,
    async lockName(tx, name) {
      const key = createHash('sha256').update(name).digest().readBigInt64BE();
      await sql`select pg_advisory_xact_lock(${String(key)}::bigint)`.execute(tx);
    },
    close: () => db.destroy(),
  };
}

const BIGINT = 20;
/** Our bigints are milliseconds and counts: safe as numbers. */
const parserOf: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') =>
  id === BIGINT ? Number : pg.types.getTypeParser(id, format as 'text');
