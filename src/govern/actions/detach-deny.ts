// Takes away the inline policy with which Countersign denied everything to an IAM user or a role, and puts exactly it back.
import { say } from '../../case/said.ts';
import type { GovernanceAction } from '../action.ts';
import { caseOf, isSame } from '../aws/deny-policies.ts';
import { DENY_POLICY, denyDifferences, foreignPolicy, proveDeny } from '../aws/explicit-denies.ts';
import {
  INLINE_POLICY_PERMISSIONS,
  type InlineState,
  inTheWay,
  principalGone,
  putBack,
  readAgain,
  readInline,
  writeInline,
} from '../aws/inline-denies.ts';
import { callersAndTargets, type Principal, principalFilling, untouchable } from '../aws/principals.ts';

export const detachDeny: GovernanceAction<Principal, InlineState> = {
  id: 'aws.iam.detach-deny',
  title: say('aws.title.detach-deny'),
  targetKind: 'iam-user',
  alsoOn: 'iam-role',
  needs: 'An IAM user or a role in a listed account to which Countersign has denied everything.',
  effect: 'converges',
  strength: 1,
  letsIn: true,
  permissions: { aws: INLINE_POLICY_PERMISSIONS },
  capPerHour: 10,

  find: callersAndTargets('iam-user', 'iam-role'),
  read: (target, world) => readInline(target, DENY_POLICY, world),

  plan(target, state, settings) {
    const who = principalFilling(target);
    if (state.policy === null) return { kind: 'moot', reason: say('aws.deny.nothing-denied', who) };
    const reason = untouchable(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const ref = caseOf(state.policy);
    if (ref === null) return { kind: 'refused', reason: foreignPolicy(target) };
    return {
      kind: 'offered',
      says: [say('aws.deny.deletes', { ...who, policy: DENY_POLICY, ref }), say('aws.deny.others-allow')],
      basis: { policy: state.policy, uniqueId: state.uniqueId ?? null },
      undo: { possible: true, says: say('aws.policy.undo-puts-back') },
    };
  },

  async execute(task, world, note) {
    const { target, before } = task;
    const { policy } = await readAgain(task, DENY_POLICY, world);
    if (policy !== null && !isSame(policy, before.policy)) throw inTheWay(target, DENY_POLICY);
    if (policy !== null) await writeInline(target, DENY_POLICY, null, world, note);
  },

  verify: (task, world) => proveDeny(task, null, world),

  revert: {
    differences: denyDifferences,
    gone: principalGone,
    refusal: untouchable,
    execute: (task, world, note) => putBack(task, DENY_POLICY, world, note),
    verify: (task, world) => proveDeny(task, task.before.policy, world),
  },
};
