// Patterns in the operator's settings. Pure.

/** `*` stands for any text, `?` for one character. Steps back to the last `*` only: never slower than length times length. */
export function matches(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resumed = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      resumed = at;
    } else if (pattern[next] === '?' || pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resumed;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Of what is one thing in upper and lower case alike. */
export const matchesInAnyCase = (text: string, pattern: string): boolean =>
  matches(text.toLowerCase(), pattern.toLowerCase());
