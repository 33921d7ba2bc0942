// Turns what the two database drivers throw into CountersignErrors. Statements and values never get into a message.
import { CountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';

const SAY_LATER = say('errors.store-later');

/** SQLite: SQLITE_BUSY and SQLITE_LOCKED, with or without an extended code in the upper bits. */
const isBusy = (errcode: number): boolean => [5, 6].includes(errcode & 0xff);

/** PostgreSQL error codes, appendix A of its manual: what goes well when the whole transaction is run again. */
const RERUN = new Set(['40001', '40P01', '23505']);
/** Connection exceptions, insufficient resources, operator intervention (shutdown, fail-over), read-only standby. */
const AWAY = /^(08|53|57P|25006)/;
const NETWORK = /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

function field(error: unknown, name: string): unknown {
  return error && typeof error === 'object' && name in error
    ? (error as Record<string, unknown>)[name]
    : undefined;
}

/** A deadlock, or a unique row that somebody else committed first: run again and it is seen. */
export const shouldRerun = (error: unknown): boolean => RERUN.has(String(field(error, 'code')));

export const isSqliteBusy = (error: unknown): boolean =>
  field(error, 'code') === 'ERR_SQLITE_ERROR' && isBusy(Number(field(error, 'errcode')));

/** The error as rooms may see it; what is not the database's own passes unchanged. */
export function translateStoreError(error: unknown): unknown {
  if (error instanceof CountersignError) return error;
  const code = String(field(error, 'code') ?? '');
  const text = error instanceof Error ? error.message : '';
  if (isSqliteBusy(error) || RERUN.has(code))
    return new CountersignError('store.busy', `The store is busy: ${text}`, {
      say: SAY_LATER,
      retryable: true,
      cause: error,
    });
  if (
    AWAY.test(code) ||
    NETWORK.test(code) ||
    /connection terminated|not queryable|timeout exceeded when trying to connect/i.test(text)
  )
    return new CountersignError('store.unavailable', `The database cannot be reached: ${text}`, {
      say: SAY_LATER,
      retryable: true,
      cause: error,
    });
  if (code === 'ERR_SQLITE_ERROR' || field(error, 'severity') !== undefined)
    return new CountersignError('store.failed', `The database refused a statement: ${text}`, {
      cause: error,
    });
  return error;
}
