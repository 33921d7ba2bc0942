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

export class RecordCounter {
  private readonly sink: RecordSink;
  /** Unreadable ones included. */
  records = 0;
  unreadables = 0;
  hasNotes = false;

  constructor(sink: RecordSink) {
    this.sink = sink;
  }

  /** A record that nothing can match. */
  pass(): void {
    this.records++;
  }

  /** A parsed record, or an envelope of some. */
  take(value: unknown): void {
    unwrap(value, this);
  }

  /** A parsed record that is no envelope. */
  record(record: JsonObject): readonly Policy[] | null {
    return this.sink.record(record, this.records++);
  }

  recogniseAs(policies: readonly Policy[], parse: () => JsonObject): void {
    const index = this.records++;
    if (policies.length > 0) this.sink.known(policies, index, parse);
  }

  unreadable(reason: string): void {
    this.unreadables++;
    this.sink.unreadable(this.records++, reason);
  }

  without(what: string): void {
    this.note(`no record, but ${what}`);
  }

  note(what: string): void {
    this.hasNotes = true;
    this.sink.note(what);
  }
}
