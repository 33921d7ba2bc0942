// The inline policy that denies everything to a user or a role: its name, its words, whose it is.
import type { JsonObject } from '../case/json.ts';
import { targetLabel } from '../case/target.ts';
import type { Verification, World } from './action.ts';
import type { Principal } from './aws-principals.ts';
import { caseOf, denyPolicy, isSame, statementId } from './deny-policies.ts';
import { inlineDifferences, proveInline } from './inline-denies.ts';

export const DENY_POLICY = 'CountersignDeny';

export const denyOf = (caseRef: string): JsonObject => denyPolicy(statementId(caseRef));

const wordsOf = (policy: JsonObject): string => {
  const ref = caseOf(policy);
  return ref ? `everything denied by case ${ref}` : `a policy that Countersign did not write`;
};
export const denyDifferences = inlineDifferences(`Policy ${DENY_POLICY}`, wordsOf);

export const foreignPolicy = (principal: Principal): string =>
  `The ${targetLabel(principal)} has a policy called ${DENY_POLICY} that Countersign did not write, so it is left as it is.`;

/** That the policy is exactly this one; null: that there is none. */
export function proveDeny(
  principal: Principal,
  wanted: JsonObject | null,
  world: World,
): Promise<Verification> {
  const label = targetLabel(principal);
  const says = wanted
    ? `Everything is denied to the ${label}: read back from its policy ${DENY_POLICY}.`
    : `The ${label} has no policy ${DENY_POLICY} any more: what its other policies allow is possible again.`;
  return proveInline(principal, DENY_POLICY, (policy) => (isSame(policy, wanted) ? says : null), world);
}
