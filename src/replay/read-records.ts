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

export class RecordReader {
  private readonly walker: RecordWalker;
  private readonly outcomes: Outcomes | null;
  private readonly counter: RecordCounter;
  private readonly density: Density;
  private readonly byLine: boolean;
  private place: Place = 'document';
  /** The array is the `Records` of a document. */
  private inDocument = false;
  /** Brackets and commas may be left over from what was broken. */
  private isMended = false;
  /** While lost: what was broken stood in an array; and whether a record may begin before the end of the line. */
  private inArray = false;
  private seeks = false;
  private parsesPieces = true;

  constructor({ walker, outcomes, counter, density, byLine }: ReaderOptions) {
    this.walker = walker;
    this.outcomes = outcomes;
    this.counter = counter;
    this.density = density;
    this.byLine = byLine;
  }

  /**
   * Reads what is complete between the offsets, and answers how far it came: the rest has to come again at the start of a
   * longer window, unless `isLast`. Writes a NUL at `to`, and elsewhere only what it puts back: the buffer must be its own.
   */
  read(bytes: Buffer, from: number, to: number, isLast: boolean): number {
    bytes[to] = 0;
    return this.byLine ? this.readLines(bytes, from, to, isLast) : this.readWithin(bytes, from, to, isLast);
  }

  /** What begins where reading stopped is too long to be kept: it counts as one unreadable record, and need not come again. */
  giveUp(reason: string): void {
    this.counter.unreadable(reason);
    this.lose();
  }

  private take(bytes: Buffer, from: number, to: number): number {
    const { walker, counter, outcomes } = this;
    const isPassed = !walker.mustParse && walker.ways === NO_WAY;
    const outcome = isPassed || walker.mustParse || outcomes === null ? null : outcomes.find(bytes);
    this.density.walked(!isPassed && outcome === null);
    if (isPassed) counter.pass();
    else if (outcome !== null) counter.recogniseAs(outcome, () => parseRecord(bytes, from, to));
    else if (walker.mustParse) counter.take(parseRecord(bytes, from, to));
    else {
      const fresh = counter.record(parseRecord(bytes, from, to));
      if (fresh !== null) outcomes?.remember(fresh);
    }
    return to;
  }

  private stepDocument(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (this.isMended && (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)) return at + 1;
    if (byte === OPEN_ARRAY) return this.enter(at + 1, false);
    const end = this.walker.walkDocument(bytes, at);
    if (end < 0) return end;
    return this.walker.entered ? this.enter(end, true) : this.take(bytes, at, end);
  }

  private enter(at: number, asDocument: boolean): number {
    this.place = 'item';
    this.inDocument = asDocument;
    return at;
  }

  private leave(at: number): number {
    this.place = this.inDocument ? 'behind-records' : 'document';
    return at;
  }

  private stepItem(bytes: Buffer, at: number, to: number, isWhole: boolean): number {
    if (bytes[at] === CLOSE_ARRAY) return this.leave(at + 1);
    if (this.density.isDense && this.parsesPieces) {
      const piece = parsePiece(bytes, at, to, { isWhole, inDocument: this.inDocument });
      if (piece) {
        for (const value of piece.values) this.counter.take(value);
        this.density.parsed(piece.values.length);
        this.place = 'behind-item';
        return piece.end;
      }
      this.parsesPieces = false;
    }
    const end = this.walker.walk(bytes, at);
    if (end < 0) return end;
    this.place = 'behind-item';
    return this.take(bytes, at, end);
  }

  private stepBehindItem(bytes: Buffer, at: number): number {
    if (bytes[at] === CLOSE_ARRAY) return this.leave(at + 1);
    if (bytes[at] !== COMMA) return ~at;
    const next = skipSpace(bytes, at + 1);
    // No record follows the comma: "[1,]" is no JSON.
    if (bytes[next] === CLOSE_ARRAY || bytes[next] === 0) return ~next;
    this.place = 'item';
    return next;
  }

  private stepBehindRecords(bytes: Buffer, at: number): number {
    const found = stepToRecords(bytes, at);
    if (found.end >= 0) this.place = found.entered ? 'item' : 'document';
    return found.end;
  }

  private step(bytes: Buffer, at: number, to: number, isWhole: boolean): number {
    if (this.place === 'document') return this.stepDocument(bytes, at);
    if (this.place === 'item') return this.stepItem(bytes, at, to, isWhole);
    if (this.place === 'behind-item') return this.stepBehindItem(bytes, at);
    return this.stepBehindRecords(bytes, at);
  }

  /** All there is, or one line of it. The NUL stands at `to`. */
  private readWithin(bytes: Buffer, from: number, to: number, isWhole: boolean): number {
    let at = this.place === 'lost' ? this.seek(bytes, from - 1, to) : skipSpace(bytes, from);
    while (at < to && this.place !== 'lost') {
      const end = this.step(bytes, at, to, isWhole);
      if (end >= 0) at = skipSpace(bytes, end);
      else if (~end < to || isWhole) at = this.mend(bytes, at, ~end, to);
      else return at;
    }
    if (!isWhole) return at;
    this.endHere();
    return to;
  }

  /** Says what is broken, once, and answers where to go on. */
  private mend(bytes: Buffer, from: number, brokenAt: number, to: number): number {
    const isRecord = this.place === 'document' || this.place === 'item';
    if (isRecord) {
      const where = `it is not JSON from its byte ${brokenAt - from} on`;
      this.counter.unreadable(brokenAt >= to ? 'it ends early' : where);
    } else this.counter.note('a document that is broken between two records');
    this.lose();
    return this.seek(bytes, from, to);
  }

  private lose(): void {
    // A line is one document: what else begins in a broken one is no record of the file.
    this.inArray = this.place !== 'document';
    this.seeks = this.inArray || !this.byLine;
    this.place = 'lost';
    this.isMended = true;
  }

  /** The next record after `after`. Without one, what has to be seen again in the next window. */
  private seek(bytes: Buffer, after: number, to: number): number {
    const next = this.seeks ? findRecordStart(bytes, after, to) : -1;
    if (next < 0) return Math.max(after + 1, to - RECORD_START_LENGTH);
    this.place = this.inArray ? 'item' : 'document';
    return next;
  }

  /** The end of the line, or of the file. */
  private endHere(): void {
    if (this.place === 'behind-item' || this.place === 'item' || this.place === 'behind-records')
      this.counter.note('a document that ends early');
    this.place = 'document';
    this.isMended = false;
  }

  private parseLine(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== OPEN_OBJECT || RECORDS.equals(bytes.subarray(from + 1, from + 1 + RECORDS.length)))
      return false;
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8', from, to));
    } catch {
      return false;
    }
    // Of documents the this.walker makes more than JSON.parse, which keeps the last of several `Records`.
    if (!isObject(value) || Object.hasOwn(value, RECORDS_KEY)) return false;
    this.counter.take(value);
    this.density.parsed(1);
    return true;
  }

  private readLines(bytes: Buffer, from: number, to: number, isLast: boolean): number {
    let at = from;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline < 0 || newline > to ? to : newline;
      const isWhole = end < to || isLast;
      if (!isWhole || !this.density.isDense || this.place !== 'document' || !this.parseLine(bytes, at, end)) {
        bytes[end] = 0;
        at = this.readWithin(bytes, at, end, isWhole);
        if (end < to) bytes[end] = NEWLINE;
      }
      if (end === to) return isWhole ? to : at;
      at = end + 1;
    }
  }
}

/** What the walker took for one: anything but an object only where it asks for parsing. */
const parseRecord = (bytes: Buffer, from: number, to: number): JsonObject =>
  JSON.parse(bytes.toString('utf8', from, to)) as JsonObject;
