// What the rules of one file, and of all files from outside together, may cost: each piece is bounded by itself, and a thousand
// pieces below their bound are an attack all the same.
import { RuleError } from './problem.ts';

/**
 * `expressions`: instructions of regular expressions, run for each character. `wildcards`: characters of texts with wildcards in
 * their midst, each compared with each character at worst. `tests`: pieces that conditions put together.
 */
export type Cost = 'expressions' | 'wildcards' | 'tests';

/** Throws RuleError where it is too much. */
export type Spend = (cost: Cost, amount: number, path: readonly PropertyKey[]) => void;

/** Ten of the largest expressions there may be, or hundreds of usual ones. */
const MOST_IN_FILE: Readonly<Record<Cost, number>> = {
  expressions: 5_000,
  wildcards: 20_000,
  tests: 100_000,
};
/** Each instruction may cost about 11 ns for each of 16,384 characters: ten seconds for the worst value against them all. */
const MOST_FROM_OUTSIDE: Readonly<Record<Cost, number>> = {
  expressions: 50_000,
  wildcards: 200_000,
  tests: 2_000_000,
};

const REASONS: Readonly<Record<Cost, string>> = {
  expressions: 'the regular expressions %s are too big together',
  wildcards: 'the texts with wildcards %s are too long together',
  tests: 'the conditions %s put too many tests together',
};

const NOTHING: Record<Cost, number> = { expressions: 0, wildcards: 0, tests: 0 };

export interface FileBudget {
  readonly spend: Spend;
  /** The file loads: what it spent is gone for the files after it. */
  keep(): void;
}

export function createBudgets(): (file: { readonly outside: boolean }) => FileBudget {
  const spentOutside = { ...NOTHING };
  return ({ outside }) => {
    const spent = { ...NOTHING };
    return {
      spend(cost, amount, path) {
        spent[cost] += amount;
        const refuse = (whose: string, most: number): never => {
          const reason = REASONS[cost].replace('%s', whose);
          throw new RuleError(path, `${reason}: more than ${most}`);
        };
        if (spent[cost] > MOST_IN_FILE[cost]) refuse('of this file', MOST_IN_FILE[cost]);
        if (outside && spentOutside[cost] + spent[cost] > MOST_FROM_OUTSIDE[cost])
          refuse('of all rules from outside', MOST_FROM_OUTSIDE[cost]);
      },
      keep() {
        if (!outside) return;
        for (const cost of ['expressions', 'wildcards', 'tests'] as const) spentOutside[cost] += spent[cost];
      },
    };
  };
}
