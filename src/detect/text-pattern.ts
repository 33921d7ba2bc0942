// Sigma's text patterns: `*`, `?` and the backslash. Matches in bounded time, without regular expressions.

import type { Spend } from './budget.ts';
import { RuleError } from './problem.ts';

interface Wildcard {
  readonly kind: 'any' | 'one';
}
type Part = { readonly kind: 'text'; readonly text: string } | Wildcard;

export interface TextPatternOptions {
  readonly cased: boolean;
  readonly openStart: boolean;
  readonly openEnd: boolean;
  /** Where the pattern stands, for its refusal. */
  readonly path?: readonly PropertyKey[];
  /** What a pattern costs that is compared character by character. */
  readonly spend?: Spend;
}

/** Characters of a pattern with wildcards in the midst: each may be compared with each of the text. */
const MAX_UNITS = 1000;

export interface TextPattern {
  /** The one text that matches, folded; null where there are several. */
  readonly exact: string | null;
  /** Takes a text in lower case, unless `cased`. */
  matches(folded: string): boolean;
}

/** Case is ignored unless `cased`; an open start or end lets anything stand there. Throws RuleError for endless wildcards. */
export function compileTextPattern(pattern: string, options: TextPatternOptions): TextPattern {
  const parts = [...partsOf(options.cased ? pattern : pattern.toLowerCase())];
  if (options.openStart && parts[0]?.kind !== 'any') parts.unshift({ kind: 'any' });
  if (options.openEnd && parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
  return { exact: plainText(parts), matches: plainTest(parts) ?? wildcardTest(parts, options) };
}

/** The text without its escapes; null where it holds a wildcard. */
export const literalOf = (pattern: string): string | null => plainText(partsOf(pattern));

/** A text as the pattern that matches it alone. */
export const escapePattern = (text: string): string => text.replaceAll(/[\\*?]/g, '\\$&');

function plainText(parts: readonly Part[]): string | null {
  if (parts.length === 0) return '';
  const [only, second] = parts;
  return only?.kind === 'text' && !second ? only.text : null;
}

// "Escape Character" in the Sigma rules specification: a backslash escapes a wildcard or a backslash, else it is itself.
function partsOf(pattern: string): readonly Part[] {
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
function wildcardTest(
  parts: readonly Part[],
  { path = [], spend }: TextPatternOptions,
): (text: string) => boolean {
  const units = parts.flatMap<string | Wildcard>((part) => (part.kind === 'text' ? [...part.text] : [part]));
  if (units.length > MAX_UNITS) throw new RuleError(path, 'a text with wildcards is too long');
  spend?.('wildcards', units.length, path);
  const literals = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return (text) => literals.every((literal) => text.includes(literal)) && matchesUnits(text, units);
}

function matchesUnits(text: string, units: readonly (string | Wildcard)[]): boolean {
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
}
