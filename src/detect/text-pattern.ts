// Sigma's text patterns: `*`, `?` and the backslash. Matches in bounded time, without regular expressions.

interface Wildcard {
  readonly kind: 'any' | 'one';
}
type Part = { readonly kind: 'text'; readonly text: string } | Wildcard;

export interface TextPatternOptions {
  readonly cased: boolean;
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

/** A test for texts. Case is ignored unless `cased`; an open start or end lets anything stand there. */
export function compileTextPattern(pattern: string, options: TextPatternOptions): (text: string) => boolean {
  const fold = (text: string): string => (options.cased ? text : text.toLowerCase());
  const parts = partsOf(fold(pattern));
  if (options.openStart && parts[0]?.kind !== 'any') parts.unshift({ kind: 'any' });
  if (options.openEnd && parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
  const matches = plainTest(parts) ?? wildcardTest(parts);
  return (text) => matches(fold(text));
}

// "Escape Character" in the Sigma rules specification: a backslash escapes a wildcard or a backslash, else it is itself.
function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const next = pattern.charAt(at + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      text += next;
      at += 1;
    } else if (character === '*') {
      endText();
      if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
    } else if (character === '?') {
      endText();
      parts.push({ kind: 'one' });
    } else text += character;
  }
  endText();
  return parts;
}

// The forms that nearly every rule uses, as plain comparisons.
function plainTest(parts: readonly Part[]): ((text: string) => boolean) | null {
  const shape = parts.map((part) => part.kind).join(' ');
  const literal = parts.find((part) => part.kind === 'text')?.text ?? '';
  if (shape === '') return (text) => text === '';
  if (shape === 'any') return () => true;
  if (shape === 'text') return (text) => text === literal;
  if (shape === 'text any') return (text) => text.startsWith(literal);
  if (shape === 'any text') return (text) => text.endsWith(literal);
  if (shape === 'any text any') return (text) => text.includes(literal);
  return null;
}

// Greedy with one place to go back to, the last `*`: at most text length times pattern length steps.
function wildcardTest(parts: readonly Part[]): (text: string) => boolean {
  const units = parts.flatMap<string | Wildcard>((part) => (part.kind === 'text' ? [...part.text] : [part]));
  return (text) => {
    const characters = [...text];
    let at = 0;
    let unit = 0;
    let star = -1;
    let starAt = 0;
    while (at < characters.length) {
      const wanted = units[unit];
      if (typeof wanted === 'object' && wanted.kind === 'any') {
        star = unit;
        starAt = at;
        unit += 1;
      } else if (unit < units.length && (typeof wanted === 'object' || wanted === characters[at])) {
        at += 1;
        unit += 1;
      } else if (star >= 0) {
        starAt += 1;
        at = starAt;
        unit = star + 1;
      } else return false;
    }
    return units.slice(unit).every((rest) => typeof rest === 'object' && rest.kind === 'any');
  };
}
