// Sets of ways in which rules can match, as small numbers: the scanner works out which ways a record might match in, and asks
// what those look at.
import type { Outline } from '../detect/compiled.ts';

export interface WaySets {
  /** Of ways by their place among the outlines. */
  of(ways: readonly number[]): number;
  join(one: number, other: number): number;
  /** What the ways of a set look at, null when that may be anything. */
  reads(set: number): readonly string[] | null;
}

/** No way at all. */
export const NO_WAY = 0;
/** Any way: what is not kept apart any more. */
const ANY_WAY = 1;
/** Records made to hurt could give every combination there is. */
const MAX_SETS = 10_000;

export function createWaySets(outlines: readonly Outline[]): WaySets {
  const sets: (readonly number[])[] = [[], []];
  const reads: (readonly string[] | null)[] = [[], null];
  const ids = new Map<string, number>([['', NO_WAY]]);
  const joined = new Map<number, number>();

  function of(ways: readonly number[]): number {
    const sorted = [...new Set(ways)].sort((one, other) => one - other);
    const name = sorted.join();
    const known = ids.get(name);
    if (known !== undefined) return known;
    if (sets.length === MAX_SETS) return ANY_WAY;
    ids.set(name, sets.length);
    reads.push(readsOf(sorted.map((way) => outlines[way]?.reads ?? null)));
    return sets.push(sorted) - 1;
  }

  return {
    of,
    join(one, other) {
      if (one === other || other === NO_WAY) return one;
      if (one === NO_WAY) return other;
      if (one === ANY_WAY || other === ANY_WAY) return ANY_WAY;
      const pair = one * MAX_SETS + other;
      const known = joined.get(pair);
      if (known !== undefined) return known;
      const set = of([...(sets[one] ?? []), ...(sets[other] ?? [])]);
      joined.set(pair, set);
      return set;
    },
    reads: (set) => reads[set] ?? null,
  };
}

function readsOf(all: readonly (readonly string[] | null)[]): readonly string[] | null {
  const fields = new Set<string>();
  for (const reads of all) {
    if (reads === null) return null;
    for (const field of reads) fields.add(field);
  }
  return [...fields];
}
