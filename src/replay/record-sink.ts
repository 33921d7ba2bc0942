// What reading finds, and the counting of it: every record has its index in the file, readable or not.
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import { unwrap } from './unwrap.ts';

export interface RecordSink {
  /** One that might match. Answers what it came to, when that is all there is to it; null when there is more. */
  record(record: JsonObject, index: number): readonly Policy[] | null;
  /** One that matches these, as another did. `parse` may be called until this returns. */
  known(policies: readonly Policy[], index: number, parse: () => JsonObject): void;
  unreadable(index: number, reason: string): void;
  /** Something in the file that holds no record: a notification, a digest, what is left of a broken document. */
  note(what: string): void;
}

export interface RecordCounter {
  /** A record that nothing can match. */
  pass(): void;
  /** A parsed record, or an envelope of some. */
  take(value: unknown): void;
  /** A parsed record that is no envelope. */
  takeRecord(record: JsonObject): readonly Policy[] | null;
  takeKnown(policies: readonly Policy[], parse: () => JsonObject): void;
  unreadable(reason: string): void;
  note(what: string): void;
  /** Unreadable ones included. */
  readonly records: number;
  readonly unreadables: number;
  readonly hasNotes: boolean;
}

export function createRecordCounter(sink: RecordSink): RecordCounter {
  let records = 0;
  let unreadables = 0;
  let hasNotes = false;
  function note(what: string): void {
    hasNotes = true;
    sink.note(what);
  }
  const into = {
    record: (record: JsonObject): void => void sink.record(record, records++),
    unreadable(reason: string): void {
      unreadables++;
      sink.unreadable(records++, reason);
    },
    without: (what: string): void => note(`no record, but ${what}`),
  };
  return {
    pass() {
      records++;
    },
    take: (value) => unwrap(value, into),
    takeRecord: (record) => sink.record(record, records++),
    takeKnown(policies, parse) {
      const index = records++;
      if (policies.length > 0) sink.known(policies, index, parse);
    },
    unreadable: into.unreadable,
    note,
    get records() {
      return records;
    },
    get unreadables() {
      return unreadables;
    },
    get hasNotes() {
      return hasNotes;
    },
  };
}
