// The scanner: walks one record to its end, checking that it is JSON, and tells whether any rule might match it. It may take a
// record for a candidate that is none, never the other way round; under the terms of json-bytes.ts.
import { createGuard, findKey, type Guard, type GuardedKey } from './guard.ts';
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

export interface RecordWalker {
  /** Offset behind the value that begins here, or `~offset` of what is no JSON. */
  walk(bytes: Buffer, from: number): number;
  /**
   * The same where a document may stand, which goes no further than the opening bracket of its `Records`: then `entered`
   * is true, and the offset that of its first record.
   */
  walkDocument(bytes: Buffer, from: number): number;
  /** The value that was walked last might match: it has to be parsed. False only for an object that is a record itself. */
  readonly isCandidate: boolean;
  readonly entered: boolean;
}

/** Without a guard every record is a candidate. */
export function createRecordWalker(guard: Guard | null): RecordWalker {
  const root = guard ?? createGuard([]);
  let isCandidate = true;
  let mayEnter = false;
  let entered = false;

  function walk(bytes: Buffer, from: number): number {
    entered = false;
    isCandidate = guard === null || bytes[from] !== OPEN_OBJECT;
    return bytes[from] === OPEN_OBJECT ? walkObject(bytes, from + 1, root) : skipValue(bytes, from);
  }

  function walkObject(bytes: Buffer, from: number, node: Guard): number {
    let at = skipSpace(bytes, from);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) return ~at;
      const keyStart = ++at;
      while (PLAIN[bytes[at] as number] === 1) at++;
      let guarded: GuardedKey | null = null;
      if (bytes[at] === QUOTE) {
        guarded = findKey(node, bytes, keyStart, at);
        at++;
      } else {
        // With escapes it might be any key.
        isCandidate = true;
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
        else {
          at = skipText(bytes, at);
          if (at < 0) return at;
        }
        if (guarded !== null && !isCandidate)
          isCandidate = guarded.isEnvelope || (guarded.verdicts?.accepts(bytes, start, at) ?? false);
      } else if (guarded === null) {
        at = skipValue(bytes, at);
        if (at < 0) return at;
      } else if (byte === OPEN_OBJECT && guarded.within !== null) {
        if (guarded.verdicts !== null || guarded.isEnvelope) isCandidate = true;
        at = walkObject(bytes, at + 1, guarded.within);
        if (at < 0) return at;
      } else if (byte === OPEN_ARRAY && guarded.isRecords && mayEnter) {
        entered = true;
        return at + 1;
      } else {
        at = skipValue(bytes, at);
        if (at < 0) return at;
        isCandidate ||= mightMatch(guarded, bytes, start, at);
      }
      if (entered) return at;

      if (bytes[at] !== COMMA) {
        at = skipSpace(bytes, at);
        if (bytes[at] === CLOSE_OBJECT) return at + 1;
        if (bytes[at] !== COMMA) return ~at;
      }
      at++;
      if (bytes[at] !== QUOTE) at = skipSpace(bytes, at);
    }
  }

  return {
    walk(bytes, from) {
      mayEnter = false;
      return walk(bytes, from);
    },
    walkDocument(bytes, from) {
      mayEnter = true;
      return walk(bytes, from);
    },
    get isCandidate() {
      return isCandidate;
    },
    get entered() {
      return entered;
    },
  };
}

/** Of equal keys JSON.parse keeps the last; here any of them makes a candidate. */
function mightMatch(guarded: GuardedKey, bytes: Buffer, from: number, to: number): boolean {
  if (guarded.isEnvelope) return true;
  const first = bytes[from];
  // A need may be met by any element of an array, or by the JSON of an object.
  if (first === OPEN_ARRAY) return true;
  if (first === OPEN_OBJECT) return guarded.verdicts !== null;
  return guarded.verdicts?.accepts(bytes, from, to) ?? false;
}
