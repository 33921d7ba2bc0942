// Why a policy file was refused, and where in it.

/** `line` counts from 1. */
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
