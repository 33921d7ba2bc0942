// What must be true of one field before a test can hold: how needs of the parts become the needs of the whole.
import type { Need } from './compiled.ts';

/** One of them is met whenever the test holds; null: nothing can be said; empty: the test never holds. */
export type Needs = readonly Need[] | null;

/** Of tests of which any will do: all their needs together. */
export function needsOfAny(parts: readonly Needs[]): Needs {
  const all: Need[] = [];
  for (const needs of parts) {
    if (needs === null) return null;
    for (const need of needs) all.push(need);
  }
  return all;
}

/** Of tests that must all hold: the needs of the one that fewest events meet. */
export function needsOfAll(parts: readonly Needs[]): Needs {
  let best: Needs = null;
  for (const needs of parts) if (needs !== null && isMoreSelective(needs, best)) best = needs;
  return best;
}

function isMoreSelective(needs: readonly Need[], than: Needs): boolean {
  if (than === null) return true;
  const difference = rankOf(needs) - rankOf(than);
  return difference < 0 || (difference === 0 && valuesIn(needs) < valuesIn(than));
}

// The name of the call says most, and an exact text can be looked up; a list is as good as its worst.
const rankOf = (needs: readonly Need[]): number =>
  needs.reduce((worst, { field, values }) => {
    if (values === null) return Math.max(worst, 4);
    if (field === 'eventName') return Math.max(worst, 1);
    return Math.max(worst, field.includes('.') ? 3 : 2);
  }, 0);

const valuesIn = (needs: readonly Need[]): number =>
  needs.reduce((sum, { values }) => sum + (values?.length ?? 1), 0);

/** A rule that looks at more is one that anything in the event may count for. */
const MOST_READS = 200;

/** What tests read that are judged together. */
export function readsOfAll(
  parts: readonly (readonly string[] | null | undefined)[],
): readonly string[] | null {
  const all = new Set<string>();
  for (const reads of parts) {
    if (!reads) return null;
    for (const field of reads) all.add(field);
    if (all.size > MOST_READS) return null;
  }
  return [...all];
}

/** The same in one need for each field, quicker to ask. */
export function mergeNeeds(needs: readonly Need[]): readonly Need[] {
  const merged: Need[] = [];
  for (const [field, exact] of Map.groupBy(
    needs.filter(({ values }) => values !== null),
    (need) => need.field,
  )) {
    merged.push(mergeExact(field, exact));
  }
  for (const [field, open] of Map.groupBy(
    needs.filter(({ values }) => values === null),
    (need) => need.field,
  )) {
    merged.push({ field, values: null, accepts: (value) => open.some((need) => need.accepts(value)) });
  }
  return merged;
}

function mergeExact(field: string, needs: readonly Need[]): Need {
  const byValue = new Map<string, Need[]>();
  for (const need of needs) {
    for (const value of need.values ?? []) {
      const there = byValue.get(value);
      if (there) there.push(need);
      else byValue.set(value, [need]);
    }
  }
  return {
    field,
    values: [...byValue.keys()],
    // The usual case is a plain text under its own name; anything else is for the needs themselves to judge.
    accepts: (value) => {
      const likely = typeof value === 'string' ? byValue.get(value.toLowerCase()) : undefined;
      return (likely?.some((need) => need.accepts(value)) ?? false) || needsJudgement(value, needs, field);
    },
  };
}

function needsJudgement(value: unknown, needs: readonly Need[], field: string): boolean {
  if (typeof value === 'string' && field !== 'eventName') return false;
  return needs.some((need) => need.accepts(value));
}
