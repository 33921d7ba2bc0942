// The inline policy that denies everything to a user or a role: its name, its words, whose it is.
import type { JsonObject } from '../../case/json.ts';
import { type Filling, type Said, say } from '../../case/said.ts';
import type { Task, Verification, World } from '../action.ts';
import { caseOf, denyPolicy, isSame, statementId } from './deny-policies.ts';
import { type InlineState, inlineDifferences, proveInline } from './inline-denies.ts';
import { type Principal, principalFilling } from './principals.ts';

export const DENY_POLICY = 'CountersignDeny';

export const denyOf = (caseRef: string): JsonObject => denyPolicy(statementId(caseRef));

const wordsOf = (policy: JsonObject): Said => {
  const ref = caseOf(policy);
  return ref ? say('aws.deny.by-case', { ref }) : say('aws.policy.not-ours');
};
export const denyDifferences = inlineDifferences(DENY_POLICY, wordsOf);

const aboutDenyOf = (principal: Principal): Filling => ({
  ...principalFilling(principal),
  policy: DENY_POLICY,
});

export const foreignPolicy = (principal: Principal): Said =>
  say('aws.policy.left-alone', aboutDenyOf(principal));

/** That the policy is exactly this one; null: that there is none. */
export function proveDeny(
  task: Task<Principal, InlineState>,
  wanted: JsonObject | null,
  world: World,
): Promise<Verification> {
  const says = say(wanted ? 'aws.deny.proven' : 'aws.deny.absent', aboutDenyOf(task.target));
  return proveInline(task, DENY_POLICY, (policy) => (isSame(policy, wanted) ? says : null), world);
}
