// A stream of any length through a window of bounded size: the unfinished record at its end is carried over to its beginning.
import { isByLine } from './by-line.ts';
import { afterMark, type MakeReader } from './read-file.ts';
import type { RecordReader } from './read-records.ts';

/** CloudTrail's own limit is 256 kB a record; envelopes of many are well below this. */
export const MAX_RECORD_BYTES = 33_554_432;
/** One byte before, where the reader may put a bracket, and one behind, for its NUL. */
const MARGIN = 1;

export interface Window {
  add(chunk: Buffer): void;
  /** Once, after the last chunk, or after what went wrong. */
  end(): void;
}

export interface WindowSizes {
  readonly maxRecordBytes: number;
  readonly startBytes: number;
  /** So much has to have come before the form of the file is judged. */
  readonly judgedBytes: number;
  /** Less than this is not worth a look of its own. */
  readonly stepBytes: number;
}
const SIZES: WindowSizes = {
  maxRecordBytes: MAX_RECORD_BYTES,
  startBytes: 4_194_304,
  judgedBytes: 1_048_576,
  stepBytes: 524_288,
};

export function createWindow(makeReader: MakeReader, sizes: WindowSizes = SIZES): Window {
  let bytes = Buffer.allocUnsafeSlow(sizes.startBytes + 2 * MARGIN);
  let from = MARGIN;
  let to = MARGIN;
  let reader: RecordReader | null = null;
  /** Reading again before there is so much more would walk the same long record over and over. */
  let wanted = sizes.judgedBytes;

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
    if (kept > sizes.maxRecordBytes) {
      reader.giveUp(`it is longer than ${sizes.maxRecordBytes} bytes`);
      from = to;
    }
    wanted = Math.min(Math.max(2 * (to - from), sizes.stepBytes), sizes.maxRecordBytes + 1);
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
