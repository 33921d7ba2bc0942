// The inner loop of the scanner: any JSON value, from its first byte to behind its last, under the terms of json-bytes.ts.
// Texts are walked in place and white space is left to slower branches: with a call for each, this takes nearly twice as long.
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  PLAIN,
  QUOTE,
  SPACE,
  skipColon,
  skipScalar,
  skipSpace,
  skipText,
} from './json-bytes.ts';

/** By depth, 1 for an object, 0 for an array: nesting costs a byte each, never call stack. */
let kinds = new Uint8Array(1_024);

/** Offset behind the value, or `~offset` of what is no JSON. */
export function skipValue(bytes: Uint8Array, from: number): number {
  let at = from;
  let depth = 0;
  let inObject = false;
  let byte = bytes[at] as number;
  for (;;) {
    // Before a value, whose first byte is `byte`; or before the first key of an object that is not empty.
    let isKey = false;
    if (byte === QUOTE) {
      at++;
      while (PLAIN[bytes[at] as number] === 1) at++;
      if (bytes[at] === QUOTE) at++;
      else {
        at = skipText(bytes, at);
        if (at < 0) return at;
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const opensObject = byte === OPEN_OBJECT;
      byte = bytes[++at] as number;
      if (SPACE[byte] === 1) {
        at = skipSpace(bytes, at);
        byte = bytes[at] as number;
      }
      if (byte === (opensObject ? CLOSE_OBJECT : CLOSE_ARRAY)) at++;
      else {
        if (++depth === kinds.length) kinds = doubled(kinds);
        kinds[depth] = opensObject ? 1 : 0;
        inObject = opensObject;
        if (!opensObject) continue;
        isKey = true;
      }
    } else {
      at = skipScalar(bytes, at);
      if (at < 0) return at;
    }
    // Behind a value: closes what closes here, until another one has to come.
    while (!isKey) {
      if (depth === 0) return at;
      byte = bytes[at] as number;
      if (byte === COMMA) {
        byte = bytes[++at] as number;
        if (SPACE[byte] === 1) {
          at = skipSpace(bytes, at);
          byte = bytes[at] as number;
        }
        break;
      }
      if (byte === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        at++;
        inObject = kinds[--depth] === 1;
      } else if (SPACE[byte] === 1) at = skipSpace(bytes, at);
      else return ~at;
    }
    if (inObject) {
      if (byte !== QUOTE) return ~at;
      at++;
      while (PLAIN[bytes[at] as number] === 1) at++;
      if (bytes[at] === QUOTE) at++;
      else {
        at = skipText(bytes, at);
        if (at < 0) return at;
      }
      if (bytes[at] === COLON) at++;
      else {
        at = skipColon(bytes, at);
        if (at < 0) return at;
      }
      byte = bytes[at] as number;
      if (SPACE[byte] === 1) {
        at = skipSpace(bytes, at);
        byte = bytes[at] as number;
      }
    }
  }
}

function doubled(old: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(old.length * 2);
  larger.set(old);
  return larger;
}
