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
import { NO_WAY } from './way-sets.ts';

export interface RecordWalker {
  /** Offset behind the value that begins here, or `~offset` of what is no JSON. */
  walk(bytes: Buffer, from: number): number;
  /**
   * The same where a document may stand, which goes no further than the opening bracket of its `Records`: then `entered`
   * is true, and the offset that of its first record.
   */
  walkDocument(bytes: Buffer, from: number): number;
  readonly entered: boolean;
  /** Of the value that was walked last: only parsing tells more. Never false for what is not a record itself. */
  readonly mustParse: boolean;
  /** The ways in which it might match, unless it must be parsed. */
  readonly ways: number;
  /** Where the raw value of a guarded key stood; -1 where there was none. */
  startOf(mark: number): number;
  endOf(mark: number): number;
}

/** Without a guard every record must be parsed. */
export function createRecordWalker(guard: Guard | null): RecordWalker {
  const { root, sets, marks } = guard ?? createGuard([]);
  const starts = new Int32Array(marks);
  const ends = new Int32Array(marks);
  const rounds = new Int32Array(marks);
  /** Tells what this record has from what an earlier one had. */
  let round = 0;
  let mustParse = true;
  let ways = NO_WAY;
  let mayEnter = false;
  let entered = false;

  function begin(bytes: Buffer, from: number): number {
    if (round === 0x7fffffff) {
      rounds.fill(0);
      round = 0;
    }
    round++;
    entered = false;
    ways = NO_WAY;
    mustParse = guard === null || bytes[from] !== OPEN_OBJECT;
    return bytes[from] === OPEN_OBJECT ? walkObject(bytes, from + 1, root) : skipValue(bytes, from);
  }

  function walkObject(bytes: Buffer, from: number, branch: Branch): number {
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
        mustParse = true;
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
        at = walkObject(bytes, at + 1, guarded.within);
      } else if (byte === OPEN_ARRAY && guarded.isRecords && mayEnter) {
        entered = true;
        return at + 1;
      } else {
        at = skipValue(bytes, at);
      }
      if (at < 0) return at;
      if (guarded !== null && !mustParse) look(guarded, bytes, start, at);

      if (bytes[at] !== COMMA) {
        at = skipSpace(bytes, at);
        if (bytes[at] === CLOSE_OBJECT) return at + 1;
        if (bytes[at] !== COMMA) return ~at;
      }
      at++;
      if (bytes[at] !== QUOTE) at = skipSpace(bytes, at);
    }
  }

  function look(guarded: GuardedKey, bytes: Buffer, from: number, to: number): void {
    const { mark, verdicts, within, opens } = guarded;
    const first = bytes[from];
    // Of equal keys JSON.parse keeps the last: let it. Any element of an array on the way will do: let it be looked at.
    mustParse = opens || rounds[mark] === round || (first === OPEN_ARRAY && within !== null);
    rounds[mark] = round;
    starts[mark] = from;
    ends[mark] = to;
    if (verdicts === null || mustParse) return;
    // A need may be met by any element of an array, or by the JSON of an object.
    if (first === OPEN_ARRAY || first === OPEN_OBJECT) mustParse = true;
    else ways = sets.join(ways, verdicts.waysOf(bytes, from, to));
  }

  return {
    walk(bytes, from) {
      mayEnter = false;
      return begin(bytes, from);
    },
    walkDocument(bytes, from) {
      mayEnter = true;
      return begin(bytes, from);
    },
    get entered() {
      return entered;
    },
    get mustParse() {
      return mustParse;
    },
    get ways() {
      return ways;
    },
    startOf: (mark) => (rounds[mark] === round ? (starts[mark] as number) : -1),
    endOf: (mark) => ends[mark] as number,
  };
}
