// One inline policy of a user or a role, by the name that Countersign gives it: reading, writing, proving and comparing it. Never
// writes over what somebody else has put there since.
import { CountersignError } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import { targetLabel } from '../case/target.ts';
import type { Difference, RequestNote, Verification, World } from './action.ts';
import {
  goneSentence,
  mustBeListed,
  type Principal,
  type PrincipalState,
  readPrincipal,
} from './aws-principals.ts';
import { isSame } from './deny-policies.ts';
import { NOTHING_LEFT } from './protected-users.ts';

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

export async function writeInline(
  principal: Principal,
  name: string,
  policy: JsonObject | null,
  { identities }: World,
  note: RequestNote,
): Promise<void> {
  await note((await identities.writeInlinePolicy(principal, name, policy)).requestId);
}

/** Somebody was quicker: what they wrote is not ours to replace. */
export const inTheWay = (principal: Principal, name: string): CountersignError =>
  new CountersignError(
    'govern.policy-in-the-way',
    `inline policy ${name} of ${principal.name} in account ${principal.account} is no longer as it was when this was decided`,
    {
      say: `Somebody has changed the policy ${name} of the ${targetLabel(principal)} meanwhile, so it was left as it is.`,
    },
  );

/** `proofOf` answers a sentence for the policy that is wanted, and null for any other. */
export async function proveInline(
  principal: Principal,
  name: string,
  proofOf: (policy: JsonObject | null) => string | null,
  world: World,
): Promise<Verification> {
  mustBeListed(principal.account, world.settings);
  const { arn, policy } = await readInline(principal, name, world);
  const label = targetLabel(principal);
  // Whoever is not there proves nothing, not even that there is no policy: a renamed user has taken it along.
  if (arn === null) return { kind: 'not-done', says: goneSentence(principal) };
  const says = proofOf(policy);
  if (says !== null) return { kind: 'took-effect', says };
  return {
    kind: 'not-yet',
    says: `IAM does not show the policy ${name} of the ${label} as it was written.`,
    retryInMs: LOOK_AGAIN_MS,
  };
}

/** Why nothing of it is left to put back: the policy went with whom it was about. Null where something may be. */
export const principalObstacle = (
  principal: Principal,
  _before: InlineState,
  now: InlineState,
): string | null =>
  now.arn === null
    ? `${goneSentence(principal)}${principal.kind === 'iam-role' ? ` ${NOTHING_LEFT}` : ''}`
    : null;

/** `words` puts a policy into a few, for the card. */
export const inlineDifferences =
  (part: string, words: (policy: JsonObject) => string) =>
  (before: InlineState, after: InlineState, now: InlineState): readonly Difference[] => {
    const wordOf = ({ arn, policy }: InlineState): string =>
      arn === null ? 'gone, with whom it was about' : policy === null ? 'none' : words(policy);
    const isAsLeft = isSame(after.policy, now.policy) && (after.arn === null) === (now.arn === null);
    return isAsLeft ? [] : [{ part, before: wordOf(before), left: wordOf(after), now: wordOf(now) }];
  };
