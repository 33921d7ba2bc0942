// A stream of any length through a window of bounded size: the unfinished record at its end is carried over to its beginning.
import { isByLine, JUDGED_BYTES } from './by-line.ts';
import { afterMark, type MakeReader } from './read-file.ts';
import type { RecordReader } from './read-records.ts';

/** CloudTrail's own limit is 256 kB a record; envelopes of many are well below this. */
export const MAX_RECORD_BYTES = 33_554_432;
const START_BYTES = 4_194_304;
/** One byte before, where the reader may put a bracket, and one behind, for its NUL. */
const MARGIN = 1;

export interface Window {
  add(chunk: Buffer): void;
  /** Once, after the last chunk, or after what went wrong. */
  end(): void;
}

export function createWindow(makeReader: MakeReader): Window {
  let bytes = Buffer.allocUnsafeSlow(START_BYTES + 2 * MARGIN);
  let from = MARGIN;
  let to = MARGIN;
  let reader: RecordReader | null = null;
  /** Reading again before there is so much more would walk the same long record over and over. */
  let wanted = JUDGED_BYTES;

  function makeRoom(length: number): void {
    if (to + length + MARGIN <= bytes.length) return;
    const kept = to - from;
    const larger = kept + length + 2 * MARGIN > bytes.length;
    const target = larger
      ? Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, kept + length + 2 * MARGIN))
      : bytes;
    bytes.copy(target, MARGIN, from, to);
    bytes = target;
    from = MARGIN;
    to = MARGIN + kept;
  }

  function read(isLast: boolean): void {
    if (!reader) {
      from += afterMark(bytes.subarray(from, to), to - from);
      if (from === to && isLast) return;
      reader = makeReader({ byLine: isByLine(bytes, from, to) });
    }
    from = reader.read(bytes, from, to, isLast);
    const kept = to - from;
    if (kept > MAX_RECORD_BYTES) {
      reader.giveUp(`it is longer than ${MAX_RECORD_BYTES} bytes`);
      from = to;
    }
    wanted = Math.max(2 * (to - from), CHUNK_LIKELY);
  }

  return {
    add(chunk) {
      makeRoom(chunk.length);
      to += chunk.copy(bytes, to);
      if (to - from >= wanted) read(false);
    },
    end: () => read(true),
  };
}

/** Less than this is not worth a look of its own. */
const CHUNK_LIKELY = 524_288;
