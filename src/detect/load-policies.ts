// All policy files of a folder at once: what loads, and every problem of what does not.
import type { Policy } from '../case/policy.ts';
import type { PolicyProblem } from './problem.ts';
import { type PolicyFile, type PolicyOptions, readPolicy } from './read-policy.ts';

/** Never throws for a bad file: it is left out, and `problems` says why. Policies come back in the order of their ids. */
export function loadPolicies(
  files: readonly PolicyFile[],
  options: PolicyOptions,
): { readonly policies: readonly Policy[]; readonly problems: readonly PolicyProblem[] } {
  const policies = new Map<string, Policy>();
  const problems: PolicyProblem[] = [];
  for (const file of files) {
    const reading = readPolicy(file, options);
    if ('problem' in reading) problems.push(reading.problem);
    else if (policies.has(reading.policy.id)) {
      problems.push({ file: file.name, line: 1, reason: `there are two policies "${reading.policy.id}"` });
    } else policies.set(reading.policy.id, reading.policy);
  }
  return {
    policies: [...policies.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    problems,
  };
}
