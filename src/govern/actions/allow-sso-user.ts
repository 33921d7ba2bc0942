// Removes the service control policy with which Countersign denied everything to one person's Identity Center sessions, and puts
// exactly it back.
import { say } from '../../case/said.ts';
import type { SsoSessionTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import { isSame } from '../aws/deny-policies.ts';
import {
  ACCOUNT_POLICY_PERMISSIONS,
  foreignScp,
  policyName,
  proveSsoDeny,
  readSsoDeny,
  type SsoState,
  scpInTheWay,
  ssoCaseOf,
  ssoDifferences,
  ssoRefusal,
  ssoSessionsOf,
} from '../aws/sso-denies.ts';

export const allowSsoUser: GovernanceAction<SsoSessionTarget, SsoState> = {
  id: 'aws.organizations.allow-sso-user',
  title: say('aws.title.allow-sso-user'),
  targetKind: 'sso-session',
  needs: "Somebody's sessions of an AWSReservedSSO_* role to which Countersign has denied everything.",
  effect: 'converges',
  strength: 1,
  letsIn: true,
  permissions: { aws: ACCOUNT_POLICY_PERMISSIONS },
  capPerHour: 10,

  find: ssoSessionsOf,
  read: readSsoDeny,

  plan(target, state, settings) {
    const { account, role, user } = target;
    if (state.policy === null || !state.attached)
      return { kind: 'moot', reason: say('aws.sso.nothing-denied', { user, account }) };
    const reason = ssoRefusal(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const ref = ssoCaseOf(target, state);
    if (ref === null) return { kind: 'refused', reason: foreignScp(target) };
    return {
      kind: 'offered',
      says: [say('aws.sso.removes', { ref, user, role, account }), say('aws.sso.role-allows')],
      basis: { policy: state.policy },
      undo: { possible: true, says: say('aws.policy.undo-puts-back') },
    };
  },

  async execute({ target, before }, world, note) {
    const { policy } = await readSsoDeny(target, world);
    if (policy !== null && !isSame(policy, before.policy)) throw scpInTheWay(target);
    if (policy !== null)
      await note((await world.accountPolicies.remove(target.account, policyName(target))).requestId);
  },
  verify: (task, world) => proveSsoDeny(task, false, world),

  revert: {
    differences: ssoDifferences,
    refusal: ssoRefusal,
    async execute({ target, before }, world, note) {
      if (before.policy === null) return;
      const { attach } = world.accountPolicies;
      await note((await attach(target.account, policyName(target), before.policy)).requestId);
    },
    verify: (task, world) => proveSsoDeny(task, true, world),
  },
};
