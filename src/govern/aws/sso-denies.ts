// The service control policy that denies everything to one person's sessions of one Identity Center role in one account. AWS alone
// may change the role itself; what an organisation denies to an account holds for its reserved roles as well.
// Source: "Service control policies (SCPs)" (they do not bind the management account), "AWS global condition context keys"
// (aws:PrincipalArn of a session is the ARN of its role; aws:userid is `AROA...:session name`), "Referencing permission sets in
// resource policies" (a role that is made again has another name). Names are compared whatever their case: Identity Center takes
// them so, and StringLike does not.
import { createHash } from 'node:crypto';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { type Said, say } from '../../case/said.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import type { IamRoleTarget, SsoSessionTarget } from '../../case/target.ts';
import type { Difference, Task, Verification, World } from '../action.ts';
import { caseOf, denyPolicy, isSame, statementId } from './deny-policies.ts';
import { callersAndTargets, isListed, outOfReach, type PrincipalState, readPrincipal } from './principals.ts';

export type SsoState = PrincipalState & {
  /** Null when there is no policy of that name. */
  readonly policy: JsonObject | null;
  readonly attached: boolean;
  /** The account that manages the organisation. Absent: not known. */
  readonly management?: string;
  /** The settings do not let us look: then there may be a policy. */
  readonly unseen?: true;
};

const LOOK_AGAIN_MS = 5_000;

export const ACCOUNT_POLICY_PERMISSIONS: readonly string[] = [
  'iam:GetRole',
  'organizations:DescribeOrganization',
  'organizations:ListPolicies',
  'organizations:ListPoliciesForTarget',
  'organizations:DescribePolicy',
  'organizations:CreatePolicy',
  'organizations:AttachPolicy',
  'organizations:DetachPolicy',
  'organizations:DeletePolicy',
];

export const ssoSessionsOf = callersAndTargets('sso-session');

/** Equal for the same person, role and account, whoever asks, and however they write the name. */
export function policyName({ account, role, user }: SsoSessionTarget): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([account, role, user.toLowerCase()]))
    .digest('hex');
  return `CountersignDeny-${digest.slice(0, 20)}`;
}

/** What AWS allows in a session's name: nothing in it stands for other names, as `*`, `?` and `${` would in a condition. */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

type Role = Pick<PrincipalState, 'arn' | 'uniqueId'>;

/** With the ARN as IAM has it: in us-east-1 the path of these roles names no region. Null where it is not known whose they are. */
const theirSessions = ({ user }: SsoSessionTarget, { arn, uniqueId }: Role): JsonObject | null =>
  arn === null || uniqueId === undefined
    ? null
    : {
        ArnEquals: { 'aws:PrincipalArn': arn },
        StringEqualsIgnoreCase: { 'aws:userid': `${uniqueId}:${user.toLowerCase()}` },
      };

/** Null where it would be about nobody. */
export function ssoDenyOf(caseRef: string, target: SsoSessionTarget, role: Role): JsonObject | null {
  const condition = theirSessions(target, role);
  return condition && denyPolicy(statementId(caseRef), condition);
}

/** The case that a policy was written for, as long as it denies exactly this. */
export function ssoCaseOf(target: SsoSessionTarget, state: SsoState): string | null {
  const condition = theirSessions(target, state);
  return condition && state.policy && caseOf(state.policy, condition);
}

const roleOf = ({ account, role }: SsoSessionTarget): IamRoleTarget => ({
  kind: 'iam-role',
  account,
  name: role,
});

export async function readSsoDeny(target: SsoSessionTarget, world: World): Promise<SsoState> {
  const role = await readPrincipal(roleOf(target), world);
  const { settings, accountPolicies } = world;
  const { account } = target;
  if (!isListed(account, settings) || settings.aws.serviceControlPolicyRole === null)
    return { ...role, policy: null, attached: false, unseen: true };
  // Whatever became of the role: the policy does not go with it.
  const found = await accountPolicies.find(account, policyName(target));
  const management = await accountPolicies.managementAccount();
  return { ...role, policy: found?.policy ?? null, attached: found?.attached ?? false, management };
}

/** Throws where nobody has looked: that proves nothing, and is no difference. */
function mustBeSeen({ unseen }: SsoState): void {
  if (!unseen) return;
  throw new CountersignError(
    'aws.not-allowed',
    'the settings do not let Countersign read service control policies for this account (any more)',
    { say: say('aws.sso.not-seen') },
  );
}

/** Why nothing can be denied to them, a sentence; null when it can. */
export function ssoRefusal(
  target: SsoSessionTarget,
  state: SsoState,
  settings: OperatorSettings,
): Said | null {
  const { account, user } = target;
  const reason = outOfReach(roleOf(target), state, settings);
  if (reason) return reason;
  if (settings.aws.serviceControlPolicyRole === null) return say('aws.sso.settings-forbid', { user });
  if (state.management === account) return say('aws.sso.management-account', { account, user });
  if (!state.path.startsWith('/aws-reserved/') || theirSessions(target, state) === null)
    return say('aws.sso.no-such-role', { role: target.role });
  return SESSION_NAME.test(user) ? null : say('aws.sso.ambiguous-name', { user });
}

export const foreignScp = (target: SsoSessionTarget): Said =>
  say('aws.sso.left-alone', { policy: policyName(target) });

/** Somebody was quicker: what they wrote is not ours to replace. */
export const scpInTheWay = (target: SsoSessionTarget): CountersignError =>
  new CountersignError(
    'govern.policy-in-the-way',
    `service control policy ${policyName(target)} is no longer as it was when this was decided`,
    { say: say('aws.sso.in-the-way', { policy: policyName(target) }) },
  );

/** `wanted`: that this person is denied everything there, by whichever of our cases; or that no such policy is there. */
export async function proveSsoDeny(
  { target, before }: Pick<Task<SsoSessionTarget, SsoState>, 'target' | 'before'>,
  wanted: boolean,
  world: World,
): Promise<Verification> {
  const { account, role, user } = target;
  const state = await readSsoDeny(target, world);
  mustBeSeen(state);
  // Of a role that is gone, the policy names what it was.
  const known = state.arn === null ? { ...before, policy: state.policy } : state;
  // Whatever is attached there, it binds nobody in the account that manages the organisation.
  const isDenied = state.attached && state.management !== account && ssoCaseOf(target, known) !== null;
  if (wanted && isDenied)
    return {
      kind: 'took-effect',
      says: say('aws.sso.proven', { user, role, account, policy: policyName(target) }),
    };
  if (!wanted && state.policy === null)
    return {
      kind: 'took-effect',
      says: say('aws.sso.absent', { user, account }),
    };
  return {
    kind: 'not-yet',
    says: say('aws.sso.not-yet', { user, wanted: wanted ? 'attached' : 'removed' }),
    retryInMs: LOOK_AGAIN_MS,
  };
}

export function ssoDifferences(before: SsoState, after: SsoState, now: SsoState): readonly Difference[] {
  mustBeSeen(now);
  if (isSame(after.policy, now.policy) && after.attached === now.attached) return [];
  return [{ part: say('aws.sso.part'), before: wordsOf(before), left: wordsOf(after), now: wordsOf(now) }];
}

function wordsOf({ policy, attached: isAttached }: SsoState): Said {
  if (policy === null) return say('aws.policy.none');
  const sid = /"Sid":"Countersign([0-9A-Z]{8})/.exec(JSON.stringify(policy))?.[1];
  const attached = isAttached ? 'yes' : 'no';
  return sid ? say('aws.sso.of-case', { ref: sid, attached }) : say('aws.sso.not-ours', { attached });
}
