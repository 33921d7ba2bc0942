// Tests put together: all of, any of, not. A test holds, says what it needs, and explains itself.
import type { Explanation, Test } from './compiled.ts';
import type { Field } from './fields.ts';
import { needsOfAll, needsOfAny } from './needs.ts';

export const allOf = (tests: readonly Test[], text = 'all of these'): Test =>
  joined(tests, text, {
    needs: needsOfAll(tests.map((test) => test.needs)),
    holds: (event) => {
      for (const test of tests) if (!test.holds(event)) return false;
      return true;
    },
  });

export const anyOf = (tests: readonly Test[], text = 'one of these'): Test =>
  joined(tests, text, {
    needs: needsOfAny(tests.map((test) => test.needs)),
    holds: (event) => {
      for (const test of tests) if (test.holds(event)) return true;
      return false;
    },
  });

function joined(tests: readonly Test[], text: string, rest: Pick<Test, 'holds' | 'needs'>): Test {
  const [only, second] = tests;
  if (only && !second) return only;
  return { ...rest, explain: (event) => explained(text, rest.holds(event), tests, event) };
}

interface Negation extends Test {
  readonly of: Test;
}

export const not = (test: Test): Negation => ({
  holds: (event) => !test.holds(event),
  needs: null,
  explain: (event) => explained('not', !test.holds(event), [test], event),
  of: test,
});

/** What a test negates as a whole; null where it does not. */
export const negated = (test: Test): Test | null => ('of' in test ? (test as Negation).of : null);

/** The same test under a heading of its own. */
export const named = (text: string, test: Test): Test => ({
  holds: test.holds,
  needs: test.needs,
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
  const text = JSON.stringify(value) ?? 'nothing';
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
