// Denies everything to an IAM user or a role, by an inline policy of its own, and takes that away again. Changes nothing else of them.
// Source: "Determining whether a request is allowed or denied within an account" (an explicit deny beats every allow).
import { type Said, say } from '../../case/said.ts';
import type { GovernanceAction, RequestNote, Task, World } from '../action.ts';
import { caseOf, isSame } from '../aws/deny-policies.ts';
import { DENY_POLICY, denyDifferences, denyOf, foreignPolicy, proveDeny } from '../aws/explicit-denies.ts';
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
import {
  begunRolesSentence,
  callersElseTargets,
  type Principal,
  principalFilling,
  untouchable,
} from '../aws/principals.ts';

const whoIsShutOut = ({ kind, name }: Principal): readonly Said[] =>
  kind === 'iam-role'
    ? [say('aws.deny.role', { name }), say('aws.deny.this-role-only')]
    : [say('aws.deny.user', { name }), say('aws.deny.this-user-only')];

/** A second run finds what the first one wrote. */
async function execute(task: Task<Principal, InlineState>, world: World, note: RequestNote): Promise<void> {
  const { target } = task;
  const wanted = denyOf(task.caseRef);
  const { policy } = await readAgain(task, DENY_POLICY, world);
  if (policy !== null && !isSame(policy, wanted)) throw inTheWay(target, DENY_POLICY);
  if (policy === null) await writeInline(target, DENY_POLICY, wanted, world, note);
}

export const attachDeny: GovernanceAction<Principal, InlineState> = {
  id: 'aws.iam.attach-deny',
  title: say('aws.title.attach-deny'),
  targetKind: 'iam-user',
  alsoOn: 'iam-role',
  needs:
    'An IAM user or a role in a listed account that is not protected, and that AWS lets an account change.',
  effect: 'converges',
  strength: 8,
  permissions: { aws: INLINE_POLICY_PERMISSIONS },
  capPerHour: 10,

  find: callersElseTargets('iam-user', 'iam-role'),
  read: (target, world) => readInline(target, DENY_POLICY, world),

  plan(target, state, settings) {
    const reason = untouchable(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    if (state.policy !== null) {
      const ref = caseOf(state.policy);
      return {
        kind: 'refused',
        ...(ref && { met: true }),
        reason: ref ? say('aws.deny.already', { ...principalFilling(target), ref }) : foreignPolicy(target),
      };
    }
    return {
      kind: 'offered',
      says: [
        ...whoIsShutOut(target),
        begunRolesSentence(target),
        say('aws.deny.within-minutes'),
        say('aws.deny.inline-policy', { policy: DENY_POLICY }),
      ],
      basis: { arn: state.arn, uniqueId: state.uniqueId ?? null },
      undo: {
        possible: true,
        says: say('aws.deny.undo'),
      },
    };
  },

  execute,
  verify: (task, world) => proveDeny(task, denyOf(task.caseRef), world),

  revert: {
    differences: denyDifferences,
    gone: principalGone,
    execute: (task, world, note) => putBack(task, DENY_POLICY, world, note),
    verify: (task, world) => proveDeny(task, task.before.policy, world),
  },
};
