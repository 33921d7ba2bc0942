// Why a policy file was refused, and where in it.

/** `line` counts from 1; of the file "settings" it says nothing. */
export interface PolicyProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Thrown while a rule is compiled; `path` leads to the place in the YAML document. Never leaves this room. */
export class RuleError extends Error {
  readonly path: readonly PropertyKey[];
  constructor(path: readonly PropertyKey[], reason: string) {
    super(reason);
    this.name = 'RuleError';
    this.path = path;
  }
}

/** Where a path of a document stands. */
export interface Place {
  readonly file: string;
  lineOf(path: readonly PropertyKey[]): number;
}

export const problemAt = (place: Place, path: readonly PropertyKey[], reason: string): PolicyProblem => ({
  file: place.file,
  line: place.lineOf(path),
  reason: path.length > 0 ? `${path.map(String).join('.')}: ${reason}` : reason,
});

/** What the work gives, or the problem of a rule that it found. */
export function attempt<Result>(
  place: Place,
  work: () => Result,
): { readonly result: Result } | { readonly problem: PolicyProblem } {
  try {
    return { result: work() };
  } catch (error) {
    if (error instanceof RuleError) return { problem: problemAt(place, error.path, error.message) };
    throw error;
  }
}
