// Parses many records of an array at once. JSON.parse is the judge: brackets are put around what is believed to be a run of
// records, and what does not parse is left to the scanner.
import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, SPACE } from './json-bytes.ts';

export interface Piece {
  readonly values: readonly unknown[];
  /** Offset of the comma or the closing bracket behind the last of them. */
  readonly end: number;
}

/** Large enough that calls do not matter, small enough that the objects die young. */
const PIECE_BYTES = 65_536;
const BETWEEN = Buffer.from('},{"eventVersion"');

/**
 * The records from `from`, which stands behind a bracket or a comma of their array, to some way off. Null when there is no
 * knowing where they end, or when they are not all JSON. `isWhole`: the array and, when `inDocument`, its object end at `to`.
 */
export function parsePiece(
  bytes: Buffer,
  from: number,
  to: number,
  { isWhole, inDocument }: { readonly isWhole: boolean; readonly inDocument: boolean },
): Piece | null {
  const end = findEnd(bytes, from, to, isWhole, inDocument);
  if (end <= from || from === 0) return null;
  const before = bytes[from - 1] as number;
  const behind = bytes[end] as number;
  bytes[from - 1] = OPEN_ARRAY;
  bytes[end] = CLOSE_ARRAY;
  try {
    return { values: JSON.parse(bytes.toString('utf8', from - 1, end + 1)) as readonly unknown[], end };
  } catch {
    return null;
  } finally {
    bytes[from - 1] = before;
    bytes[end] = behind;
  }
}

function findEnd(bytes: Buffer, from: number, to: number, isWhole: boolean, inDocument: boolean): number {
  const between = bytes.indexOf(BETWEEN, from + PIECE_BYTES);
  if (between >= 0 && between < to) return between + 1;
  if (!isWhole) {
    const last = bytes.lastIndexOf(BETWEEN, to - BETWEEN.length);
    return last > from ? last + 1 : -1;
  }
  let at = spaceBefore(bytes, to);
  if (inDocument) {
    if (bytes[at] !== CLOSE_OBJECT) return -1;
    at = spaceBefore(bytes, at);
  }
  return bytes[at] === CLOSE_ARRAY ? at : -1;
}

/** The last byte before this one that is no white space. */
function spaceBefore(bytes: Buffer, before: number): number {
  let at = before - 1;
  while (at > 0 && SPACE[bytes[at] as number] === 1) at--;
  return at;
}
