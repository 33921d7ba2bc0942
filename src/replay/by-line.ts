// Whether a text is JSON lines, judged by its first lines: broken lines must not swallow the good ones that follow, and what a
// valid document holds on lines of its own must never be taken for records.
import { NEWLINE, OPEN_ARRAY, OPEN_OBJECT, SPACE } from './json-bytes.ts';

/** A first line longer than this is read as a document, which comes to the same as long as it is whole. */
const HEAD_BYTES = 1_048_576;

/**
 * The first line is a whole value and the next one opens another; or, where the first is broken, the second and the third. In
 * a valid document neither can be: after a value that stands on a line of its own comes a comma or a closing bracket.
 */
export function isByLine(bytes: Buffer, from: number, to: number): boolean {
  const head = bytes.subarray(from, Math.min(to, from + HEAD_BYTES));
  const [first, second, third] = firstLines(head);
  if (!first || !second) return false;
  if (opens(second) && isWhole(first)) return true;
  return third !== undefined && opens(third) && isWhole(second) && !isWhole(first);
}

/** Up to three lines that are not blank, without the space before them. */
function firstLines(head: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < head.length && lines.length < 3; ) {
    while (at < head.length && SPACE[head[at] as number] === 1) at++;
    const newline = head.indexOf(NEWLINE, at);
    const end = newline < 0 ? head.length : newline;
    if (at < end) lines.push(head.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

const opens = (line: Buffer): boolean => line[0] === OPEN_OBJECT || line[0] === OPEN_ARRAY;

function isWhole(line: Buffer): boolean {
  if (!opens(line)) return false;
  try {
    JSON.parse(line.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
