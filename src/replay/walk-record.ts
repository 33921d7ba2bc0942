// The scanner: walks one record to its end, checking that it is JSON, and works out in which ways rules might match it. It may
// find a way too many, never one too few. Under the terms of json-bytes.ts.
import { type Branch, createGuard, findKey, type Guard, type GuardedKey, hintOf } from './guard.ts';
import {
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  PLAIN,
  QUOTE,
  SPACE,
  skipColon,
  skipSpace,
  skipText,
} from './json-bytes.ts';
import { skipValue } from './skip-value.ts';
import { NO_WAY, type WaySets } from './way-sets.ts';

/** Without a guard every record must be parsed. */
export class RecordWalker {
  private readonly guard: Guard | null;
  private readonly root: Branch;
  private readonly sets: WaySets;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly rounds: Int32Array;
  /** Tells what this record has from what an earlier one had. */
  private round = 0;
  private mayEnter = false;
  /** The walk of a document stopped at its first record. */
  entered = false;
  /** Of the value that was walked last: only parsing tells more. Never false for what is not a record itself. */
  mustParse = true;
  /** The ways in which it might match, unless it must be parsed. */
  ways = NO_WAY;

  constructor(guard: Guard | null) {
    const { root, sets, marks } = guard ?? createGuard([]);
    this.guard = guard;
    this.root = root;
    this.sets = sets;
    this.starts = new Int32Array(marks);
    this.ends = new Int32Array(marks);
    this.rounds = new Int32Array(marks);
  }

  /** Offset behind the value that begins here, or `~offset` of what is no JSON. */
  walk(bytes: Buffer, from: number): number {
    this.mayEnter = false;
    return this.begin(bytes, from);
  }

  /**
   * The same where a document may stand, which goes no further than the opening bracket of its `Records`: then `entered`
   * is true, and the offset that of its first record.
   */
  walkDocument(bytes: Buffer, from: number): number {
    this.mayEnter = true;
    return this.begin(bytes, from);
  }

  /** Where the raw value of a guarded key stands; -1 where there is none. */
  startOf(mark: number): number {
    return this.rounds[mark] === this.round ? (this.starts[mark] as number) : -1;
  }
  endOf(mark: number): number {
    return this.ends[mark] as number;
  }

  private begin(bytes: Buffer, from: number): number {
    if (this.round === 0x7fffffff) {
      this.rounds.fill(0);
      this.round = 0;
    }
    this.round++;
    this.entered = false;
    this.ways = NO_WAY;
    const isObject = bytes[from] === OPEN_OBJECT;
    this.mustParse = this.guard === null || !isObject;
    return isObject ? this.walkObject(bytes, from + 1, this.root) : skipValue(bytes, from);
  }

  private walkObject(bytes: Buffer, from: number, branch: Branch): number {
    const { hints } = branch;
    let at = skipSpace(bytes, from);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) return ~at;
      const keyStart = ++at;
      while (PLAIN[bytes[at] as number] === 1) at++;
      let guarded: GuardedKey | null = null;
      if (bytes[at] === QUOTE) {
        const hint = hintOf(at - keyStart, bytes[keyStart] as number, bytes[at - 1] as number);
        if (hints[hint] === 1) guarded = findKey(branch, hint, bytes, keyStart, at);
        at++;
      } else {
        // With escapes it might be any key.
        this.mustParse = true;
        at = skipText(bytes, at);
        if (at < 0) return at;
      }
      if (bytes[at] === COLON) {
        at++;
        if (SPACE[bytes[at] as number] === 1) at = skipSpace(bytes, at);
      } else {
        at = skipColon(bytes, at);
        if (at < 0) return at;
      }

      const byte = bytes[at];
      const start = at;
      if (byte === QUOTE) {
        at++;
        while (PLAIN[bytes[at] as number] === 1) at++;
        if (bytes[at] === QUOTE) at++;
        else at = skipText(bytes, at);
      } else if (guarded === null) {
        at = skipValue(bytes, at);
      } else if (byte === OPEN_OBJECT && guarded.within !== null) {
        at = this.walkObject(bytes, at + 1, guarded.within);
      } else if (byte === OPEN_ARRAY && guarded.isRecords && this.mayEnter) {
        this.entered = true;
        return at + 1;
      } else {
        at = skipValue(bytes, at);
      }
      if (at < 0) return at;
      if (guarded !== null && !this.mustParse) this.look(guarded, bytes, start, at);

      if (bytes[at] !== COMMA) {
        at = skipSpace(bytes, at);
        if (bytes[at] === CLOSE_OBJECT) return at + 1;
        if (bytes[at] !== COMMA) return ~at;
      }
      at++;
      if (bytes[at] !== QUOTE) at = skipSpace(bytes, at);
    }
  }

  private look(guarded: GuardedKey, bytes: Buffer, from: number, to: number): void {
    const { mark, verdicts, within, opens } = guarded;
    const first = bytes[from];
    // Of equal keys JSON.parse keeps the last: let it. Any element of an array on the way will do: let it be looked at.
    this.mustParse = opens || this.rounds[mark] === this.round || (first === OPEN_ARRAY && within !== null);
    this.rounds[mark] = this.round;
    this.starts[mark] = from;
    this.ends[mark] = to;
    if (verdicts === null || this.mustParse) return;
    // A need may be met by any element of an array, or by the JSON of an object.
    if (first === OPEN_ARRAY || first === OPEN_OBJECT) this.mustParse = true;
    else this.ways = this.sets.join(this.ways, verdicts.waysOf(bytes, from, to));
  }
}
