// Why a policy file was refused, and where in it.

/** `line` counts from 1. */
export interface PolicyProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  /** Of the file "settings", whose text this room does not see: where in it. The line is 1 until that was looked up. */
  readonly path?: readonly PropertyKey[];
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
  reason: oneLine(path.length > 0 ? `${oneLine(path.map(String).join('.'), 200)}: ${reason}` : reason),
});

/** Rules are hostile text: a reason stays one line of a bearable length. */
export function oneLine(text: string, length = 600): string {
  const line = text
    .slice(0, 4 * length)
    .replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

export const TOO_MUCH = 'the file is nested too deeply, or holds too much';

/** What the work gives, or the problem of a rule that it found. */
export function attempt<Result>(
  place: Place,
  work: () => Result,
): { readonly result: Result } | { readonly problem: PolicyProblem } {
  try {
    return { result: work() };
  } catch (error) {
    if (error instanceof RuleError) return { problem: problemAt(place, error.path, error.message) };
    // The stack, or a list that is longer than one may be: of this file, and no reason to load none.
    if (error instanceof RangeError) return { problem: problemAt(place, [], TOO_MUCH) };
    throw error;
  }
}
