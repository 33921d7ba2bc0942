// Sets of ways in which rules can match, as small numbers: the scanner works out which ways a record might match in, and asks
// what those look at.
import type { Outline } from '../detect/compiled.ts';

/** No way at all. */
export const NO_WAY = 0;
/** Any way: what is not kept apart any more. */
const ANY_WAY = 1;
/** Records made to hurt could give every combination there is. */
const MAX_SETS = 10_000;

export class WaySets {
  private readonly outlines: readonly Outline[];
  private readonly sets: (readonly number[])[] = [[], []];
  private readonly readsOfSets: (readonly string[] | null)[] = [[], null];
  private readonly ids = new Map<string, number>([['', NO_WAY]]);
  private readonly joined = new Map<number, number>();

  constructor(outlines: readonly Outline[]) {
    this.outlines = outlines;
  }

  /** Of ways by their place among the outlines. */
  of(ways: readonly number[]): number {
    const sorted = [...new Set(ways)].sort((one, other) => one - other);
    const name = sorted.join();
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    if (this.sets.length === MAX_SETS) return ANY_WAY;
    this.ids.set(name, this.sets.length);
    this.readsOfSets.push(readsOf(sorted.map((way) => this.outlines[way]?.reads ?? null)));
    return this.sets.push(sorted) - 1;
  }

  join(one: number, other: number): number {
    if (one === other || other === NO_WAY) return one;
    if (one === NO_WAY) return other;
    if (one === ANY_WAY || other === ANY_WAY) return ANY_WAY;
    const pair = one * MAX_SETS + other;
    const known = this.joined.get(pair);
    if (known !== undefined) return known;
    const set = this.of([...(this.sets[one] ?? []), ...(this.sets[other] ?? [])]);
    this.joined.set(pair, set);
    return set;
  }

  /** What the ways of a set look at, null when that may be anything. */
  reads(set: number): readonly string[] | null {
    return this.readsOfSets[set] ?? null;
  }
}

function readsOf(all: readonly (readonly string[] | null)[]): readonly string[] | null {
  const fields = new Set<string>();
  for (const reads of all) {
    if (reads === null) return null;
    for (const field of reads) fields.add(field);
  }
  return [...fields];
}
