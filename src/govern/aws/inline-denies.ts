// One inline policy of a user or a role, by the name that Countersign gives it: reading, writing, proving and comparing it. Never
// writes over what somebody else has put there since.
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { type Said, say } from '../../case/said.ts';
import type { Difference, RequestNote, Task, Verification, World } from '../action.ts';
import { isSame } from './deny-policies.ts';
import {
  anotherSentence,
  goneSentence,
  isAnother,
  mustBeListed,
  type Principal,
  type PrincipalState,
  principalFilling,
  readPrincipal,
} from './principals.ts';

export type InlineState = PrincipalState & {
  /** Null when there is no inline policy of that name. */
  readonly policy: JsonObject | null;
};

/** "Changes that I make are not always immediately visible" (Troubleshoot IAM): seconds as a rule, minutes at worst. */
const LOOK_AGAIN_MS = 5_000;

/** Least for policies of roles; those of users need the same with `User`. */
export const ROLE_POLICY_PERMISSIONS: readonly string[] = [
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:PutRolePolicy',
  'iam:DeleteRolePolicy',
];
export const INLINE_POLICY_PERMISSIONS: readonly string[] = [
  'iam:GetUser',
  'iam:GetUserPolicy',
  'iam:PutUserPolicy',
  'iam:DeleteUserPolicy',
  ...ROLE_POLICY_PERMISSIONS,
];

export async function readInline(principal: Principal, name: string, world: World): Promise<InlineState> {
  const state = await readPrincipal(principal, world);
  const policy = state.arn === null ? null : await world.identities.readInlinePolicy(principal, name);
  return { ...state, policy };
}

/** Right before a write: the one that was decided about, or nobody. */
export async function readAgain(
  { target, before }: Task<Principal, InlineState>,
  name: string,
  world: World,
): Promise<InlineState> {
  const now = await readInline(target, name, world);
  if (!isAnother(before, now)) return now;
  throw new CountersignError(
    'govern.another-principal',
    `${target.name} in account ${target.account} is ${now.uniqueId} by now, and ${before.uniqueId} was decided about`,
    { say: anotherSentence(target) },
  );
}

export async function writeInline(
  principal: Principal,
  name: string,
  policy: JsonObject | null,
  { identities }: World,
  note: RequestNote,
): Promise<void> {
  await note((await identities.writeInlinePolicy(principal, name, policy)).requestId);
}

/** Nothing to do where whoever had it is gone: a renamed user has taken the policy along. */
export async function putBack(
  task: Task<Principal, InlineState>,
  name: string,
  world: World,
  note: RequestNote,
): Promise<void> {
  const { arn } = await readAgain(task, name, world);
  if (arn !== null) await writeInline(task.target, name, task.before.policy, world, note);
}

/** Somebody was quicker: what they wrote is not ours to replace. */
export const inTheWay = (principal: Principal, name: string): CountersignError =>
  new CountersignError(
    'govern.policy-in-the-way',
    `inline policy ${name} of ${principal.name} in account ${principal.account} is no longer as it was when this was decided`,
    { say: say('aws.policy.in-the-way', { ...principalFilling(principal), policy: name }) },
  );

/** `proofOf` answers a sentence for the policy that is wanted, and null for any other. */
export async function proveInline(
  { target: principal, before }: Task<Principal, InlineState>,
  name: string,
  proofOf: (policy: JsonObject | null) => Said | null,
  world: World,
): Promise<Verification> {
  mustBeListed(principal.account, world.settings);
  const now = await readInline(principal, name, world);
  // Whoever is not there proves nothing, not even that there is no policy: a renamed user has taken it along.
  if (now.arn === null) return { kind: 'not-done', says: goneSentence(principal) };
  if (isAnother(before, now)) return { kind: 'not-done', says: anotherSentence(principal) };
  const says = proofOf(now.policy);
  if (says !== null) return { kind: 'took-effect', says };
  return {
    kind: 'not-yet',
    says: say('aws.policy.not-yet', { ...principalFilling(principal), policy: name }),
    retryInMs: LOOK_AGAIN_MS,
  };
}

/** Why nothing of it is left to put back: the policy went with whom it was about. Null where something may be. */
export const principalGone = (principal: Principal, before: InlineState, now: InlineState): Said | null => {
  if (isAnother(before, now)) return anotherSentence(principal);
  if (now.arn !== null) return null;
  const { kind, name, account } = principal;
  return kind === 'iam-role'
    ? say('aws.principal.role-gone-nothing-left', { name, account })
    : goneSentence(principal);
};

/** `name`: of the policy. `words` puts one into a few, for the card. */
export const inlineDifferences =
  (name: string, words: (policy: JsonObject) => Said) =>
  (before: InlineState, after: InlineState, now: InlineState): readonly Difference[] => {
    const wordOf = ({ arn, policy }: InlineState): Said =>
      arn === null ? say('aws.policy.gone') : policy === null ? say('aws.policy.none') : words(policy);
    const isOther = isAnother(after, now);
    const isAsLeft =
      !isOther && isSame(after.policy, now.policy) && (after.arn === null) === (now.arn === null);
    const part = say('aws.policy.part', { policy: name });
    const nowWords = isOther ? say('aws.policy.of-another') : wordOf(now);
    return isAsLeft ? [] : [{ part, before: wordOf(before), left: wordOf(after), now: nowWords }];
  };
