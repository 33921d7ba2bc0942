// SQLite's one writer: pieces of work queue here, run one after the other, and share a commit with those that already
// wait, because the disk and not the work is what takes time. Nobody hears of an outcome before it is on the disk.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Database } from './engine.ts';
import { isSqliteBusy, translateStoreError } from './errors.ts';

/** Bounds how long the first of a group waits for the last. */
const MOST_TOGETHER = 32;
const BUSY_PAUSE_MS = 5;

/** Runs its work and answers how to tell the caller, once that is allowed. */
type Job = () => Promise<{ readonly failed: boolean; settle(): void }>;

export interface GroupCommit {
  write<Result>(work: (db: Database) => Promise<Result>): Promise<Result>;
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>;
}

export function createGroupCommit(writer: DatabaseSync, db: Database, busyTimeoutMs: number): GroupCommit {
  const waiting: { readonly job: Job; reject(error: unknown): void }[] = [];
  let draining: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      try {
        await begin(writer, busyTimeoutMs);
      } catch (error) {
        for (const { reject } of waiting.splice(0)) reject(translateStoreError(error));
        return;
      }
      await runTogether();
      // SQLite answers at once: without this a long queue would stop the event loop.
      await turn();
    }
  }

  async function runTogether(): Promise<void> {
    const done: { readonly job: Job; reject(error: unknown): void; settle(): void }[] = [];
    for (let next = waiting.shift(); next; next = done.length < MOST_TOGETHER ? waiting.shift() : undefined) {
      writer.exec('savepoint work');
      const { failed, settle } = await next.job();
      if (failed) writer.exec('rollback to work');
      writer.exec('release work');
      done.push({ ...next, settle });
    }
    try {
      writer.exec('commit');
    } catch (error) {
      if (writer.isTransaction) writer.exec('rollback');
      await runAlone(done, error);
      return;
    }
    for (const { settle } of done) settle();
  }

  /** One of them broke the commit for all (a reference to nothing is only noticed there): each gets its own. */
  async function runAlone(
    done: readonly { readonly job: Job; reject(error: unknown): void }[],
    cause: unknown,
  ): Promise<void> {
    for (const { job, reject } of done) {
      if (done.length === 1) return reject(translateStoreError(cause));
      try {
        await begin(writer, busyTimeoutMs);
        const { failed, settle } = await job();
        writer.exec(failed ? 'rollback' : 'commit');
        settle();
      } catch (error) {
        if (writer.isTransaction) writer.exec('rollback');
        reject(translateStoreError(error));
      }
    }
  }

  return {
    write<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      const inContext = AsyncLocalStorage.snapshot();
      const job: Job = () =>
        inContext(work, db).then(
          (result) => ({ failed: false, settle: () => resolve(result) }),
          (error: unknown) => ({ failed: true, settle: () => reject(translateStoreError(error)) }),
        );
      waiting.push({ job, reject });
      draining ??= drain().finally(() => {
        draining = null;
      });
      return promise;
    },
    idle: async () => {
      while (draining) await draining;
    },
  };
}

/**
 * Takes the write lock. It waits here and not in SQLite, because SQLite would wait with the event loop stopped, and
 * the holder may be another store of this same process.
 */
async function begin(writer: DatabaseSync, busyTimeoutMs: number): Promise<void> {
  const deadline = performance.now() + busyTimeoutMs;
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
