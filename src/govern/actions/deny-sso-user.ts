// Denies everything to one person's sessions of one Identity Center role in one account, by a service control policy, and removes it
// again. Touches neither the role nor anybody else who uses it.
import { say } from '../../case/said.ts';
import type { SsoSessionTarget } from '../../case/target.ts';
import type { GovernanceAction } from '../action.ts';
import {
  ACCOUNT_POLICY_PERMISSIONS,
  foreignScp,
  policyName,
  proveSsoDeny,
  readSsoDeny,
  type SsoState,
  scpInTheWay,
  ssoCaseOf,
  ssoDenyOf,
  ssoDifferences,
  ssoRefusal,
  ssoSessionsOf,
} from '../aws/sso-denies.ts';

export const denySsoUser: GovernanceAction<SsoSessionTarget, SsoState> = {
  id: 'aws.organizations.deny-sso-user',
  title: say('aws.title.deny-sso-user'),
  targetKind: 'sso-session',
  needs:
    "Somebody's sessions of an AWSReservedSSO_* role in a listed account that does not manage the organisation, and a role for service control policies in the settings.",
  effect: 'converges',
  strength: 8,
  permissions: { aws: ACCOUNT_POLICY_PERMISSIONS },
  capPerHour: 10,

  find: ssoSessionsOf,
  read: readSsoDeny,

  plan(target, state, settings) {
    const { account, role, user } = target;
    const reason = ssoRefusal(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const ref = ssoCaseOf(target, state);
    if (state.policy !== null && ref === null) return { kind: 'refused', reason: foreignScp(target) };
    if (state.attached)
      return {
        kind: 'refused',
        met: true,
        // Attached and not ours was refused above.
        reason: say('aws.sso.already', { user, role, account, ref: ref ?? '?' }),
      };
    return {
      kind: 'offered',
      says: [
        say('aws.sso.shuts-out', { user, account }),
        say('aws.sso.holds-for', { user, role }),
        say('aws.sso.by-name', { user }),
        say('aws.sso.policy', { policy: policyName(target) }),
      ],
      basis: { arn: state.arn, id: state.uniqueId ?? null, policy: state.policy },
      undo: {
        possible: true,
        says: say('aws.sso.undo'),
      },
    };
  },

  async execute({ target, caseRef, before }, world, note) {
    const now = await readSsoDeny(target, world);
    if (now.policy !== null && ssoCaseOf(target, now) === null) throw scpInTheWay(target);
    // One that lies there unattached says the same, whichever case wrote it.
    const policy = now.policy ?? ssoDenyOf(caseRef, target, before);
    if (policy !== null && !now.attached)
      await note((await world.accountPolicies.attach(target.account, policyName(target), policy)).requestId);
  },
  verify: (task, world) => proveSsoDeny(task, true, world),

  revert: {
    differences: ssoDifferences,
    async execute({ target }, world, note) {
      await note((await world.accountPolicies.remove(target.account, policyName(target))).requestId);
    },
    verify: (task, world) => proveSsoDeny(task, false, world),
  },
};
