// The condition of a Sigma rule to a test over its search identifiers. A small recursive-descent parser: nothing is evaluated.
import type { Spend } from './budget.ts';
import type { Test } from './compiled.ts';
import { RuleError } from './problem.ts';
import { allOf, anyOf, branchesOf, not } from './tests.ts';
import { compileTextPattern } from './text-pattern.ts';

type Path = readonly PropertyKey[];
const MAX_LENGTH = 4096;
const MAX_NESTING = 32;
const TOKEN = /\s*(?:([()])|([A-Za-z0-9_*.-]+))/y;

/**
 * `not` binds closer than `and`, `and` closer than `or`; `1 of x*`, `any of x*`, `all of them`. Throws RuleError for anything
 * else, and for a name that no search identifier has.
 */
export function compileCondition(
  condition: string,
  selections: ReadonlyMap<string, Test>,
  path: Path,
  spend: Spend,
): Test {
  const tokens = tokensOf(condition, path);
  const parser = createParser(tokens, selections, (test) => spend('tests', costOf(test), path), path);
  const test = parser.either(0);
  if (parser.peek() !== undefined)
    throw new RuleError(path, `unexpected "${parser.peek()}" in the condition`);
  return test;
}

function tokensOf(condition: string, path: Path): readonly string[] {
  if (condition.length > MAX_LENGTH) throw new RuleError(path, 'the condition is too long');
  if (condition.includes('|')) {
    throw new RuleError(path, 'aggregations after "|" are not supported: use a correlation rule');
  }
  const tokens: string[] = [];
  const end = condition.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(condition);
    if (!found)
      throw new RuleError(path, `cannot read the condition at "${condition.slice(start, start + 20)}"`);
    tokens.push(found[1] ?? found[2] ?? '');
  }
  if (tokens.length === 0) throw new RuleError(path, 'the condition is empty');
  return tokens;
}

// What a test that is named once more adds to those that are built around it.
const costOf = (test: Test): number => 1 + branchesOf(test).length + (test.needs?.length ?? 0);

function createParser(
  tokens: readonly string[],
  selections: ReadonlyMap<string, Test>,
  pay: (test: Test) => void,
  path: Path,
) {
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const accept = (word: string): boolean => {
    if (tokens[at]?.toLowerCase() !== word) return false;
    at += 1;
    return true;
  };

  function either(depth: number): Test {
    if (depth > MAX_NESTING) throw new RuleError(path, 'the condition is nested too deeply');
    const tests = [both(depth)];
    while (accept('or')) tests.push(both(depth));
    return anyOf(tests);
  }

  function both(depth: number): Test {
    const tests = [negated(depth)];
    while (accept('and')) tests.push(negated(depth));
    return allOf(tests);
  }

  function negated(depth: number): Test {
    let negate = false;
    while (accept('not')) negate = !negate;
    const test = operand(depth);
    return negate ? not(test) : test;
  }

  function operand(depth: number): Test {
    if (accept('(')) {
      const test = either(depth + 1);
      if (!accept(')')) throw new RuleError(path, 'a parenthesis is not closed');
      return test;
    }
    const name = tokens[at];
    if (name === undefined || name === ')') throw new RuleError(path, 'the condition ends too early');
    at += 1;
    if (peek()?.toLowerCase() === 'of') return quantified(name.toLowerCase());
    const test = selections.get(name);
    if (!test)
      throw new RuleError(path, `the condition names "${name}", which the detection does not define`);
    pay(test);
    return test;
  }

  function quantified(quantity: string): Test {
    at += 1;
    const pattern = tokens[at] ?? '';
    at += 1;
    if (quantity !== '1' && quantity !== 'any' && quantity !== 'all') {
      throw new RuleError(path, `"${quantity} of" is not supported; known are 1, any and all`);
    }
    const tests = namesLike(pattern).flatMap((name) => selections.get(name) ?? []);
    if (tests.length === 0) throw new RuleError(path, `"${pattern}" names no search identifier`);
    for (const test of tests) pay(test);
    const text = `${quantity} of ${pattern}`;
    return quantity === 'all' ? allOf(tests, text) : anyOf(tests, text);
  }

  // "Search identifiers starting with an underscore are excluded" from `them`.
  function namesLike(pattern: string): readonly string[] {
    const names = [...selections.keys()];
    if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
    const like = compileTextPattern(pattern, { cased: true, openStart: false, openEnd: false });
    return names.filter((name) => like.matches(name));
  }

  return { either, peek };
}
