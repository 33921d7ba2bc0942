// The `re` modifier: RE2 syntax, matched in linear time, bounded in size. No expression of a rule ever meets JavaScript's RegExp.
import { RE2JS } from 're2js';
import type { Spend } from './budget.ts';
import type { Modifiers } from './modifiers.ts';
import { RuleError } from './problem.ts';

const MAX_LENGTH = 1000;
/** Instructions. Each may cost about 11 ns for each character: a tenth of a second for a value at worst. */
const MAX_PROGRAM = 500;
/** Characters of a value that are looked at: a cut text is what bounds all expressions together. */
export const MAX_TEXT = 16_384;
const FLAGS = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

/** Searches anywhere in the first 16,384 characters of the text. Throws RuleError for look-arounds, back-references, and what is too big to be run. */
export function compileRegularExpression(
  source: string,
  flags: Modifiers['flags'],
  path: readonly PropertyKey[],
  spend: Spend,
): (text: string) => boolean {
  if (source.length > MAX_LENGTH) throw new RuleError(path, 'the regular expression is too long');
  const expression = parse(source, flags, path);
  const size = expression.programSize();
  if (size > MAX_PROGRAM) {
    throw new RuleError(path, 'the regular expression is too big: it could run for seconds');
  }
  spend('expressions', size, path);
  const isFolded = flags.includes('i');
  const literal = requiredLiteral(source, isFolded);
  if (literal === null) return (text) => expression.test(cut(text));
  return isFolded
    ? (text) => text.toLowerCase().includes(literal) && expression.test(cut(text))
    : (text) => text.includes(literal) && expression.test(cut(text));
}

// With a character after the cut that no rule looks for: `$` must not take it for the end, or padding would pass any list of
// what is allowed.
const cut = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}\u{10FFFF}` : text;

function parse(source: string, flags: Modifiers['flags'], path: readonly PropertyKey[]): RE2JS {
  try {
    return RE2JS.compile(
      source,
      flags.reduce((all, flag) => all | FLAGS[flag], 0),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw new RuleError(
      path,
      `${reason} (regular expressions are RE2's: no look-around, no back-references)`,
    );
  }
}

const MIN_LITERAL = 3;
/** What is not a plain character in RE2. */
const SPECIAL = /[\\^$.|?*+()[\]{}]/;
// Without case, RE2 also takes `ſ` for `s` and the Kelvin sign for `k`; lower case knows only the second.
const FOLDS_PLAINLY = /^[\0-\x7f]$/;

/**
 * The longest text that stands in every match, in lower case when folded: looking for it first costs next to nothing. Null where
 * none is certain.
 */
export function requiredLiteral(source: string, isFolded: boolean): string | null {
  if (/\(\?(?![:P<])|\\Q|\[:/.test(source)) return null;
  const runs = literalRuns(source);
  if (!runs) return null;
  const certain = isFolded ? runs.flatMap(foldedRuns) : runs;
  const longest = certain.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest.length < MIN_LITERAL ? null : longest;
}

const foldedRuns = (run: string): readonly string[] => {
  const kept = [...run].map((each) =>
    FOLDS_PLAINLY.test(each) && !/s/i.test(each) ? each.toLowerCase() : '\0',
  );
  return kept.join('').split('\0');
};

/** Texts outside all groups and classes, without what a quantifier may leave out; null where a `|` makes nothing certain. */
function literalRuns(source: string): readonly string[] | null {
  const runs: string[] = [];
  let run = '';
  const end = (dropLast = false): void => {
    runs.push(dropLast ? run.slice(0, -1) : run);
    run = '';
  };
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '|') return null;
    if (character === '\\') {
      at += 1;
      if (/[a-z0-9]/i.test(source.charAt(at))) {
        // An escape such as \x41 or \pL has more characters: none of them stands for itself.
        end();
        while (/[a-z0-9{}]/i.test(source.charAt(at + 1))) at += 1;
      } else run += source.charAt(at);
    } else if (character === '(' || character === '[') {
      end();
      at = closingOf(source, at);
    } else if (character === '?' || character === '*' || character === '{') {
      end(true);
      if (character === '{') at = Math.max(at, source.indexOf('}', at));
    } else if (SPECIAL.test(character) || character > '\ud7ff') end();
    else run += character;
  }
  end();
  return runs;
}

/** Where the group or class ends; the end of the source where that is not plain. */
function closingOf(source: string, from: number): number {
  let depth = 0;
  let inClass = false;
  for (let at = from; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '\\') at += 1;
    else if (inClass) {
      const isFirst = source.charAt(at - 1) === '[' || source.slice(at - 2, at) === '[^';
      inClass = character !== ']' || isFirst;
    } else if (character === '[') inClass = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0 && !inClass) return at;
  }
  return source.length;
}
