// Whether a text is JSON lines, judged by its beginning: broken lines must not swallow the good ones that follow.
import { CLOSE_ARRAY, CLOSE_OBJECT, NEWLINE, OPEN_ARRAY, OPEN_OBJECT, SPACE } from './json-bytes.ts';

const HEAD_BYTES = 65_536;

/** More of the lines that begin in the first 64 kB open and close a value than not, counting none that ends in a comma. */
export function isByLine(bytes: Buffer, from: number, to: number): boolean {
  let whole = 0;
  let other = 0;
  for (let at = from; at < Math.min(to, from + HEAD_BYTES); ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 || newline > to ? to : newline;
    if (opensAndCloses(bytes, at, end)) whole++;
    else if (!isBlank(bytes, at, end)) other++;
    at = end + 1;
  }
  return whole > other;
}

function opensAndCloses(bytes: Buffer, from: number, to: number): boolean {
  let first = from;
  while (first < to && SPACE[bytes[first] as number] === 1) first++;
  let last = to - 1;
  while (last > first && SPACE[bytes[last] as number] === 1) last--;
  if (bytes[first] === OPEN_OBJECT) return bytes[last] === CLOSE_OBJECT;
  return bytes[first] === OPEN_ARRAY && bytes[last] === CLOSE_ARRAY;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && SPACE[bytes[at] as number] === 1) at++;
  return at >= to;
}
