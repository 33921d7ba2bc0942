// Finds the records in a window of bytes, whatever their form: documents, arrays, JSON lines, pretty-printed or not. What is
// broken is reported with its index, and reading goes on at the next line or record. Keeps no bytes between two calls.
import type { JsonObject } from '../case/json.ts';
import type { Density } from './density.ts';
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  skipSpace,
} from './json-bytes.ts';
import { findRecordStart, RECORD_START_LENGTH } from './mend.ts';
import type { Outcomes } from './outcomes.ts';
import { parsePiece } from './piece.ts';
import type { RecordCounter } from './record-sink.ts';
import { stepToRecords } from './step-to-records.ts';
import { isObject, RECORDS_KEY } from './unwrap.ts';
import type { RecordWalker } from './walk-record.ts';
import { NO_WAY } from './way-sets.ts';

export interface RecordReader {
  /**
   * Reads what is complete between the offsets, and answers how far it came: the rest has to come again at the start of a
   * longer window, unless `isLast`. Writes a NUL at `to`, and elsewhere only what it puts back: the buffer must be its own.
   */
  read(bytes: Buffer, from: number, to: number, isLast: boolean): number;
  /** What begins where reading stopped is too long to be kept: it counts as one unreadable record, and need not come again. */
  giveUp(reason: string): void;
}

export interface ReaderOptions {
  readonly walker: RecordWalker;
  /** Null: everything that might match is parsed. */
  readonly outcomes: Outcomes | null;
  readonly counter: RecordCounter;
  readonly density: Density;
  /** JSON lines: nothing goes on over the end of a line. */
  readonly byLine: boolean;
}

/** Before a document; before, or behind, a record of an array; behind the `Records` of a document; after something broken. */
type Place = 'document' | 'item' | 'behind-item' | 'behind-records' | 'lost';

const RECORDS = Buffer.from(`"${RECORDS_KEY}"`);

export function createRecordReader({
  walker,
  outcomes,
  counter,
  density,
  byLine,
}: ReaderOptions): RecordReader {
  let place: Place = 'document';
  /** The array is the `Records` of a document. */
  let inDocument = false;
  /** Brackets and commas may be left over from what was broken. */
  let isMended = false;
  /** While lost: what was broken stood in an array; and whether a record may begin before the end of the line. */
  let inArray = false;
  let seeks = false;
  let parsesPieces = true;

  function take(bytes: Buffer, from: number, to: number): number {
    const { mustParse, ways } = walker;
    const isPassed = !mustParse && ways === NO_WAY;
    const outcome = mustParse || isPassed ? null : (outcomes?.find(bytes) ?? null);
    density.walked(!isPassed && outcome === null);
    const parse = (): JsonObject => JSON.parse(bytes.toString('utf8', from, to)) as JsonObject;
    if (isPassed) counter.pass();
    else if (mustParse) counter.take(parse());
    else if (outcome !== null) counter.takeKnown(outcome, parse);
    else {
      const fresh = counter.takeRecord(parse());
      if (fresh !== null) outcomes?.remember(fresh);
    }
    return to;
  }

  function stepDocument(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (isMended && (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) return at + 1;
    if (byte === OPEN_ARRAY) return enter(at + 1, false);
    const end = walker.walkDocument(bytes, at);
    if (end < 0) return end;
    return walker.entered ? enter(end, true) : take(bytes, at, end);
  }

  function enter(at: number, asDocument: boolean): number {
    place = 'item';
    inDocument = asDocument;
    return at;
  }

  function leave(at: number): number {
    place = inDocument ? 'behind-records' : 'document';
    return at;
  }

  function stepItem(bytes: Buffer, at: number, to: number, isWhole: boolean): number {
    if (bytes[at] === CLOSE_ARRAY) return leave(at + 1);
    if (density.isDense && parsesPieces) {
      const piece = parsePiece(bytes, at, to, { isWhole, inDocument });
      if (piece) {
        for (const value of piece.values) counter.take(value);
        density.parsed(piece.values.length);
        place = 'behind-item';
        return piece.end;
      }
      parsesPieces = false;
    }
    const end = walker.walk(bytes, at);
    if (end < 0) return end;
    place = 'behind-item';
    return take(bytes, at, end);
  }

  function stepBehindItem(bytes: Buffer, at: number): number {
    if (bytes[at] === CLOSE_ARRAY) return leave(at + 1);
    if (bytes[at] !== COMMA) return ~at;
    const next = skipSpace(bytes, at + 1);
    // No record follows the comma: "[1,]" is no JSON.
    if (bytes[next] === CLOSE_ARRAY || bytes[next] === 0) return ~next;
    place = 'item';
    return next;
  }

  function stepBehindRecords(bytes: Buffer, at: number): number {
    const found = stepToRecords(bytes, at);
    if (found.end >= 0) place = found.entered ? 'item' : 'document';
    return found.end;
  }

  function step(bytes: Buffer, at: number, to: number, isWhole: boolean): number {
    if (place === 'document') return stepDocument(bytes, at);
    if (place === 'item') return stepItem(bytes, at, to, isWhole);
    if (place === 'behind-item') return stepBehindItem(bytes, at);
    return stepBehindRecords(bytes, at);
  }

  /** All there is, or one line of it. The NUL stands at `to`. */
  function readWithin(bytes: Buffer, from: number, to: number, isWhole: boolean): number {
    let at = place === 'lost' ? seek(bytes, from - 1, to) : skipSpace(bytes, from);
    while (at < to && place !== 'lost') {
      const end = step(bytes, at, to, isWhole);
      if (end >= 0) at = skipSpace(bytes, end);
      else if (~end < to || isWhole) at = mend(bytes, at, ~end, to);
      else return at;
    }
    if (!isWhole) return at;
    endHere();
    return to;
  }

  /** Says what is broken, once, and answers where to go on. */
  function mend(bytes: Buffer, from: number, brokenAt: number, to: number): number {
    const isRecord = place === 'document' || place === 'item';
    if (isRecord) {
      const where = `it is not JSON from its byte ${brokenAt - from} on`;
      counter.unreadable(brokenAt >= to ? 'it ends early' : where);
    } else counter.note('a document that is broken between two records');
    lose();
    return seek(bytes, from, to);
  }

  function lose(): void {
    // A line is one document: what else begins in a broken one is no record of the file.
    inArray = place !== 'document';
    seeks = inArray || !byLine;
    place = 'lost';
    isMended = true;
  }

  /** The next record after `after`. Without one, what has to be seen again in the next window. */
  function seek(bytes: Buffer, after: number, to: number): number {
    const next = seeks ? findRecordStart(bytes, after, to) : -1;
    if (next < 0) return Math.max(after + 1, to - RECORD_START_LENGTH);
    place = inArray ? 'item' : 'document';
    return next;
  }

  /** The end of the line, or of the file. */
  function endHere(): void {
    if (place === 'behind-item' || place === 'item' || place === 'behind-records')
      counter.note('a document that ends early');
    place = 'document';
    isMended = false;
  }

  function parseLine(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== OPEN_OBJECT || RECORDS.equals(bytes.subarray(from + 1, from + 1 + RECORDS.length)))
      return false;
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8', from, to));
    } catch {
      return false;
    }
    // Of documents the walker makes more than JSON.parse, which keeps the last of several `Records`.
    if (!isObject(value) || Object.hasOwn(value, RECORDS_KEY)) return false;
    counter.take(value);
    density.parsed(1);
    return true;
  }

  function readLines(bytes: Buffer, from: number, to: number, isLast: boolean): number {
    let at = from;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline < 0 || newline > to ? to : newline;
      const isWhole = end < to || isLast;
      if (!isWhole || !density.isDense || place !== 'document' || !parseLine(bytes, at, end)) {
        bytes[end] = 0;
        at = readWithin(bytes, at, end, isWhole);
        if (end < to) bytes[end] = NEWLINE;
      }
      if (end === to) return isWhole ? to : at;
      at = end + 1;
    }
  }

  return {
    read(bytes, from, to, isLast) {
      bytes[to] = 0;
      return byLine ? readLines(bytes, from, to, isLast) : readWithin(bytes, from, to, isLast);
    },
    giveUp(reason) {
      counter.unreadable(reason);
      lose();
    },
  };
}
