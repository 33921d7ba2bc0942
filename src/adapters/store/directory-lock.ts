// One process for one state directory: the lock is the operating system's, so a kill -9 leaves none behind.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CountersignError } from '../../case/errors.ts';

/** Throws `store.in-use` while another process holds it. Released by `close`, or with the process. */
export function lockDirectory(directory: string): { close(): void } {
  const lock = new DatabaseSync(join(directory, 'countersign.lock'), { timeout: 0 });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive;');
  } catch (cause) {
    lock.close();
    throw new CountersignError(
      'store.in-use',
      `Another Countersign runs with the state directory ${directory}. Several replicas need DATABASE_URL (PostgreSQL).`,
      { cause },
    );
  }
  return { close: () => lock.close() };
}
