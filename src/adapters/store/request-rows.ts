// The request ids of our own calls. Those that come while one commit is under way share the next, so that any number of calls
// at once keeps one connection busy and no more.
import type { Clock } from '../../ports/clock.ts';
import type { RequestLog } from '../../ports/request-log.ts';
import type { Database, Engine } from './engine.ts';
import { keyText } from './key-text.ts';

/** Calls that share a commit; the rest have the next. */
const MOST_TOGETHER = 500;
/** Both databases bound the parameters of a statement; a row takes three. */
const MOST_ROWS = 1_000;

interface Waiting {
  readonly ids: readonly string[];
  resolve(): void;
  reject(error: unknown): void;
}

export function createRequestLog(write: Engine['write'], clock: Clock): RequestLog {
  const waiting: Waiting[] = [];
  let draining = false;

  async function drain(): Promise<void> {
    draining = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST_TOGETHER);
      const ids = new Set(batch.flatMap((one) => one.ids));
      try {
        await write((db) => insertRequests(db, clock, [...ids]));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    draining = false;
  }

  return {
    noteRequests(ids) {
      if (ids.length === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ ids, resolve, reject });
      if (!draining) void drain();
      return promise;
    },
  };
}

async function insertRequests(db: Database, clock: Clock, ids: readonly string[]): Promise<void> {
  const noted_ms = clock.now();
  for (let from = 0; from < ids.length; from += MOST_ROWS)
    await db
      .insertInto('request_id')
      .values(
        ids.slice(from, from + MOST_ROWS).map((id) => ({ request_id: keyText(id), run_id: null, noted_ms })),
      )
      .onConflict((conflict) => conflict.column('request_id').doNothing())
      .execute();
}
