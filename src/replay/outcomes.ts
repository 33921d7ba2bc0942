// What records came to that were parsed: another with the same raw values in all that the rules look at comes to the same, and
// need not be parsed.
import type { Policy } from '../case/policy.ts';
import { ByteTable } from './byte-table.ts';
import { type Guard, READ_ALWAYS } from './guard.ts';
import type { RecordWalker } from './walk-record.ts';

/** Longer keys hold whole requests: they hardly come again. */
const MAX_KEY_BYTES = 1_024;

export class Outcomes {
  private readonly guard: Guard;
  private readonly walker: RecordWalker;
  private readonly table = new ByteTable<readonly Policy[]>();
  private readonly key = Buffer.allocUnsafeSlow(MAX_KEY_BYTES);
  private readonly marks: (Int32Array | null)[] = [];
  /** Of the key; 0 when there is none. */
  private length = 0;

  constructor(guard: Guard, walker: RecordWalker) {
    this.guard = guard;
    this.walker = walker;
  }

  /** Of the record that was walked last. Null when it has to be parsed. */
  find(bytes: Buffer): readonly Policy[] | null {
    const { ways } = this.walker;
    const marks = this.marks[ways];
    const ofSet = marks === undefined ? this.marksOf(ways) : marks;
    this.length = ofSet === null ? 0 : this.writeKey(bytes, ways, ofSet);
    return this.length === 0 ? null : (this.table.find(this.key, 0, this.length) ?? null);
  }

  /** What the same record came to, after `find` answered null. */
  remember(outcome: readonly Policy[]): void {
    if (this.length > 0) this.table.remember(this.key, 0, this.length, outcome);
  }

  private marksOf(set: number): Int32Array | null {
    const { sets, markOf } = this.guard;
    const reads = sets.reads(set);
    const found = reads && Int32Array.from([READ_ALWAYS, ...reads], (field) => markOf(field) ?? -1);
    const marks = found?.includes(-1) ? null : found;
    this.marks[set] = marks;
    return marks;
  }

  /** The ways, and each value behind its length: no two different rows of values look alike. */
  private writeKey(bytes: Buffer, set: number, ofSet: Int32Array): number {
    const { key, walker } = this;
    key[0] = set & 0xff;
    key[1] = set >> 8;
    let at = 2;
    for (let place = 0; place < ofSet.length; place++) {
      const mark = ofSet[place] as number;
      const start = walker.startOf(mark);
      const size = start < 0 ? 0 : walker.endOf(mark) - start;
      if (at + 2 + size > MAX_KEY_BYTES) return 0;
      key[at++] = size >> 8;
      key[at++] = size & 0xff;
      for (let from = start; from < start + size; from++) key[at++] = bytes[from] as number;
    }
    return at;
  }
}
