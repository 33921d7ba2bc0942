// Tests put together: all of, any of, not. A test holds, says what it needs, and explains itself.
import type { Explanation, Test } from './compiled.ts';
import { type Field, jsonOf } from './fields.ts';
import { needsOfAll, needsOfAny, readsOfAll } from './needs.ts';

/** A test that is an OR can be looked up way by way: it holds when one of its branches does. */
interface Branched extends Test {
  readonly branches?: readonly Test[];
}
/** More ways than this are one test: an AND over ORs multiplies. */
const MAX_BRANCHES = 500;

/** Each may need something else; a test that is no OR is its own only branch. */
export const branchesOf = (test: Branched): readonly Test[] => test.branches ?? [test];

export function allOf(tests: readonly Test[], text = 'all of these'): Test {
  const whole = conjunction(tests, text);
  const wide = tests.length > 1 ? tests.find((test) => branchesOf(test).length > 1) : undefined;
  if (!wide) return whole;
  const rest = tests.filter((test) => test !== wide);
  return branched(
    whole,
    branchesOf(wide).map((branch) => conjunction([branch, ...rest], text)),
  );
}

// Not branched again: three ORs of a hundred branches would be a million.
const conjunction = (tests: readonly Test[], text: string): Test =>
  joined(tests, text, {
    needs: needsOfAll(tests.map((test) => test.needs)),
    holds: (event) => {
      for (const test of tests) if (!test.holds(event)) return false;
      return true;
    },
  });

export function anyOf(tests: readonly Test[], text = 'one of these'): Test {
  const whole = joined(tests, text, {
    any: true,
    needs: needsOfAny(tests.map((test) => test.needs)),
    holds: (event) => {
      for (const test of tests) if (test.holds(event)) return true;
      return false;
    },
  });
  const branches = tests.flatMap(branchesOf);
  return tests.length > 1 && branches.length <= MAX_BRANCHES ? branched(whole, branches) : whole;
}

const branched = (test: Test, branches: readonly Test[]): Branched => ({ ...test, branches });

function joined(
  tests: readonly Test[],
  text: string,
  rest: Pick<Test, 'holds' | 'needs'> & Pick<Explanation, 'any'>,
): Test {
  const [only, second] = tests;
  if (only && !second) return only;
  const { holds, needs, any } = rest;
  return {
    holds,
    needs,
    reads: readsOfAll(tests.map((test) => test.reads)),
    explain: (event) => ({ ...explained(text, holds(event), tests, event), ...(any && { any }) }),
  };
}

interface Negation extends Test {
  readonly of: Test;
}

export const not = (test: Test): Negation => ({
  holds: (event) => !test.holds(event),
  needs: null,
  reads: test.reads ?? null,
  explain: (event) => explained('not', !test.holds(event), [test], event),
  of: test,
});

/** What a test negates as a whole; null where it does not. */
export const negated = (test: Test): Test | null => ('of' in test ? (test as Negation).of : null);

/** The same test under a heading of its own. */
export const named = (text: string, test: Branched): Branched => ({
  holds: test.holds,
  needs: test.needs,
  reads: test.reads ?? null,
  ...(test.branches ? { branches: test.branches } : {}),
  explain: (event) => explained(text, test.holds(event), [test], event),
});

const explained = (text: string, holds: boolean, tests: readonly Test[], event: unknown): Explanation => ({
  text,
  holds,
  parts: tests.map((test) => test.explain(event)),
});

const MAX_SHOWN = 80;

/** A value for people: JSON, cut to 80 characters. */
export function shown(value: unknown): string {
  const text = value !== null && typeof value === 'object' ? jsonOf(value) : JSON.stringify(value);
  if (text === null) return 'something nested too deeply to show';
  if (text === undefined) return 'nothing';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

/** The first few of a list for people. */
export function shownList(values: readonly unknown[], word: string): string {
  const first = values.slice(0, 5).map(shown).join(` ${word} `);
  return values.length > 5 ? `${first} ${word} ${values.length - 5} more` : first;
}

/** What stands in an event's field, for people. */
export function shownValues(field: Pick<Field, 'values'>, event: unknown): string {
  const values = field.values(event);
  return values.length === 0 ? 'nothing' : shownList(values, 'and');
}
