// What records came to that were parsed: another with the same raw values in all that the rules look at comes to the same, and
// need not be parsed.
import type { Policy } from '../case/policy.ts';
import { createByteTable } from './byte-table.ts';
import { type Guard, READ_ALWAYS } from './guard.ts';
import type { RecordWalker } from './walk-record.ts';

export interface Outcomes {
  /** Of the record that was walked last. Null when it has to be parsed. */
  find(bytes: Buffer): readonly Policy[] | null;
  /** What the same record came to, after `find` answered null. */
  remember(outcome: readonly Policy[]): void;
}

/** Longer keys hold whole requests: they hardly come again. */
const MAX_KEY_BYTES = 1_024;

export function createOutcomes({ sets, markOf }: Guard, walker: RecordWalker): Outcomes {
  const table = createByteTable<readonly Policy[]>();
  const key = Buffer.allocUnsafeSlow(MAX_KEY_BYTES);
  const marks: (Int32Array | null)[] = [];
  /** Of the key; 0 when there is none. */
  let length = 0;

  function marksOf(set: number): Int32Array | null {
    const known = marks[set];
    if (known !== undefined) return known;
    const found = sets.reads(set)?.map(markOf);
    const own = found && Int32Array.from([READ_ALWAYS].map(markOf).concat(found), (mark) => mark ?? -1);
    marks[set] = own?.includes(-1) ? null : (own ?? null);
    return marks[set];
  }

  /** The ways, and each value behind its length: no two different rows of values look alike. */
  function writeKey(bytes: Buffer, set: number, ofSet: Int32Array): number {
    let at = key.writeUInt32LE(set, 0);
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

  return {
    find(bytes) {
      const ofSet = marksOf(walker.ways);
      length = ofSet === null ? 0 : writeKey(bytes, walker.ways, ofSet);
      return length === 0 ? null : (table.find(key, 0, length) ?? null);
    },
    remember(outcome) {
      if (length > 0) table.remember(key, 0, length, outcome);
    },
  };
}
