// What a rule wants of a field, with its modifiers, to tests of one value of an event.
import type { Spend } from './budget.ts';
import { encode, expandPlaceholders, plainDashes } from './encodings.ts';
import { textOf, type ValueTest } from './fields.ts';
import type { Modifiers } from './modifiers.ts';
import { parseNetwork } from './networks.ts';
import { compileNumber } from './numbers.ts';
import { RuleError } from './problem.ts';
import { compileRegularExpression } from './regular-expression.ts';
import { compileTextPattern, type TextPattern } from './text-pattern.ts';

type Path = readonly PropertyKey[];

/** What a rule may refer to without holding it. */
export interface Surroundings {
  /** The values of a placeholder; none where nobody defined it. */
  valuesOf(placeholder: string, path: Path): readonly string[];
  readonly spend: Spend;
}

export interface Wanted {
  readonly test: ValueTest;
  /** The only texts that the test can hold for, in lower case; null where there are others. */
  readonly exact: readonly string[] | null;
}

/** One for each value: `all` asks for all of them. */
export function compileEach(
  values: readonly unknown[],
  modifiers: Modifiers,
  path: Path,
  around: Surroundings,
): readonly Wanted[] {
  return values.map((value) => compileAny([value], modifiers, path, around));
}

/** One test for a list of which any will do. */
export function compileAny(
  values: readonly unknown[],
  modifiers: Modifiers,
  path: Path,
  around: Surroundings,
): Wanted {
  if (modifiers.kind === 'text') {
    const patterns = values.flatMap((value) => patternsOf(value, modifiers, path, around));
    return { test: textTest(patterns, modifiers), exact: exactOf(patterns, modifiers) };
  }
  const tests = values.flatMap((value) => testsOf(value, modifiers, path, around));
  return { test: (found) => tests.some((test) => test(found)), exact: tests.length === 0 ? [] : null };
}

function testsOf(
  value: unknown,
  modifiers: Modifiers,
  path: Path,
  around: Surroundings,
): readonly ValueTest[] {
  if (modifiers.kind === 'number') {
    if (typeof value !== 'number') throw new RuleError(path, `"${nameOf(modifiers)}" takes a number`);
    return [compileNumber(value, modifiers)];
  }
  if (typeof value !== 'string') throw new RuleError(path, `"${nameOf(modifiers)}" takes a text`);
  if (modifiers.kind === 're')
    return [ofText(compileRegularExpression(value, modifiers.flags, path, around.spend))];
  return expanded(value, modifiers, path, around).map((range) => {
    const network = parseNetwork(range);
    if (!network) throw new RuleError(path, `"${range}" is no CIDR range`);
    return ofText(network);
  });
}

const nameOf = ({ kind, order, timePart }: Modifiers): string => timePart ?? order ?? kind;

const ofText =
  (test: (text: string) => boolean): ValueTest =>
  (found) => {
    const text = textOf(found);
    return text !== null && test(text);
  };

function expanded(value: string, modifiers: Modifiers, path: Path, around: Surroundings): readonly string[] {
  return modifiers.expand ? expandPlaceholders(value, (name) => around.valuesOf(name, path), path) : [value];
}

/**
 * "All values are treated as case-insensitive strings": a number or boolean of the event is compared by its text. An object
 * is compared by its JSON, so that `requestParameters|contains` finds what lies inside.
 */
function patternsOf(
  value: unknown,
  modifiers: Modifiers,
  path: Path,
  around: Surroundings,
): readonly TextPattern[] {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new RuleError(
      path,
      value === null ? 'a text is needed here' : 'expected a text, a number, true, false or null',
    );
  }
  const { cased, position, encodings, windash } = modifiers;
  const needsText = encodings.length > 0 || windash || modifiers.expand;
  if (needsText && typeof value !== 'string') throw new RuleError(path, 'these modifiers need a text');
  return expanded(String(value), modifiers, path, around)
    .flatMap((text) =>
      encodings.length > 0 ? encode(text, modifiers, path) : [windash ? plainDashes(text) : text],
    )
    .map((text) =>
      compileTextPattern(text, {
        cased,
        openStart: position === 'contains' || position === 'endswith',
        openEnd: position === 'contains' || position === 'startswith',
        path,
        spend: around.spend,
      }),
    );
}

// `windash` ahead of an encoding has become part of the value; otherwise both sides are read with plain dashes.
const readsDashes = ({ windash, encodings }: Modifiers): boolean => windash && encodings.length === 0;

function textTest(patterns: readonly TextPattern[], modifiers: Modifiers): ValueTest {
  const exact = new Set(patterns.flatMap((pattern) => pattern.exact ?? []));
  const open = patterns.filter((pattern) => pattern.exact === null);
  const { cased } = modifiers;
  const dashed = readsDashes(modifiers);
  const foldedOf = (text: string): string => {
    const folded = cased ? text : text.toLowerCase();
    return dashed ? plainDashes(folded) : folded;
  };
  return (found) => {
    const text = textOf(found);
    if (text === null) return false;
    const folded = foldedOf(text);
    if (exact.has(folded)) return true;
    for (const pattern of open) if (pattern.matches(folded)) return true;
    return false;
  };
}

function exactOf(patterns: readonly TextPattern[], modifiers: Modifiers): readonly string[] | null {
  const exact: string[] = [];
  for (const pattern of patterns) {
    if (pattern.exact === null || readsDashes(modifiers)) return null;
    exact.push(pattern.exact.toLowerCase());
  }
  return [...new Set(exact)];
}
