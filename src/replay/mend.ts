// Where to go on after something broken. Only a guess at a place: what begins there is walked and judged like any record.
import { OPEN_OBJECT, SPACE } from './json-bytes.ts';

/** CloudTrail's records begin with this key. */
const FIRST_KEY = Buffer.from('"eventVersion"');
/** So much of the end of a window may hold the beginning of one, white space included. */
export const RECORD_START_LENGTH = 256;

/** The opening brace of the next record after `after`, or -1. */
export function findRecordStart(bytes: Buffer, after: number, to: number): number {
  for (
    let key = bytes.indexOf(FIRST_KEY, after + 1);
    key >= 0 && key < to;
    key = bytes.indexOf(FIRST_KEY, key + 1)
  ) {
    let at = key - 1;
    while (at > after && SPACE[bytes[at] as number] === 1) at--;
    if (at > after && bytes[at] === OPEN_OBJECT) return at;
  }
  return -1;
}
