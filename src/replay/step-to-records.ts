// What follows the `Records` of a document: its end, or other keys, among them perhaps another `Records`.
import { CLOSE_OBJECT, COMMA, OPEN_ARRAY, QUOTE, skipColon, skipSpace, skipText } from './json-bytes.ts';
import { skipValue } from './skip-value.ts';
import { RECORDS_KEY } from './unwrap.ts';

const RECORDS = Buffer.from(`${RECORDS_KEY}"`);

/** From behind a value of the document to behind its end, or into its next `Records`; `end` is `~offset` of what is no JSON. */
export function stepToRecords(
  bytes: Buffer,
  from: number,
): { readonly end: number; readonly entered: boolean } {
  let at = from;
  for (;;) {
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_OBJECT) return { end: at + 1, entered: false };
    if (bytes[at] !== COMMA) return { end: ~at, entered: false };
    at = skipSpace(bytes, at + 1);
    if (bytes[at] !== QUOTE) return { end: ~at, entered: false };
    const isRecords = bytes.subarray(at + 1, at + 1 + RECORDS.length).equals(RECORDS);
    at = skipText(bytes, at + 1);
    if (at >= 0) at = skipColon(bytes, at);
    if (at < 0) return { end: at, entered: false };
    if (isRecords && bytes[at] === OPEN_ARRAY) return { end: at + 1, entered: true };
    at = skipValue(bytes, at);
    if (at < 0) return { end: at, entered: false };
  }
}
