// Ends the sessions of a role that were started before the call, or shortly after it, by denying everything to them. Whoever may
// assume the role can start a new one.
// Source: "Revoke IAM role temporary security credentials" (what the console's AWSRevokeOlderSessions does).
import { canonicalJson, type JsonObject } from '../../case/json.ts';
import { type Said, say } from '../../case/said.ts';
import type { IamRoleTarget } from '../../case/target.ts';
import type { GovernanceAction, RequestNote, Task, Verification, World } from '../action.ts';
import { caseOf, denyPolicy, isSame, statementId, statementOf } from '../aws/deny-policies.ts';
import {
  type InlineState,
  inlineDifferences,
  inTheWay,
  principalGone,
  proveInline,
  putBack,
  ROLE_POLICY_PERMISSIONS,
  readAgain,
  readInline,
  writeInline,
} from '../aws/inline-denies.ts';
import { begunRolesSentence, callersElseTargets, principalFilling, untouchable } from '../aws/principals.ts';

const REVOKE_POLICY = 'CountersignRevokeOlderSessions';

/**
 * "approximately 30 seconds into the future": what is renewed before all of AWS knows of the policy would be younger than it, and
 * go on.
 */
const AHEAD_SECONDS = 30;

/** As `toISOString` writes it. */
const MOMENT = /"aws:TokenIssueTime":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/;

const olderThan = (at: string): JsonObject => ({ DateLessThan: { 'aws:TokenIssueTime': at } });

/** When, and for which case, of a policy that is exactly one of ours; null for any other. */
function revocationIn(
  policy: JsonObject | null,
): { readonly at: string; readonly ref: string; readonly sid: string } | null {
  const statement = policy && statementOf(policy);
  const written = MOMENT.exec(canonicalJson(statement?.Condition ?? null))?.[1];
  const ref = policy && written ? caseOf(policy, olderThan(written)) : null;
  return ref && written ? { at: written, ref, sid: String(statement?.Sid) } : null;
}

const wordsOf = (policy: JsonObject): Said => {
  const found = revocationIn(policy);
  return found
    ? say('aws.sessions.denied-by-case', { at: { time: found.at }, ref: found.ref })
    : say('aws.policy.not-ours');
};

type RevokeTask = Task<IamRoleTarget, InlineState>;

/** What this very run has written: after a crash, its moment stays the one that it is. */
function ofThisRun({ caseRef, key }: RevokeTask, policy: JsonObject | null) {
  const found = revocationIn(policy);
  return found?.sid === statementId(caseRef, key) ? found : null;
}

async function execute(task: RevokeTask, world: World, note: RequestNote): Promise<void> {
  const { target, caseRef, key, before } = task;
  const { policy } = await readAgain(task, REVOKE_POLICY, world);
  if (ofThisRun(task, policy)) return;
  if (!isSame(policy, before.policy)) throw inTheWay(target, REVOKE_POLICY);
  const until = new Date(world.clock.now() + AHEAD_SECONDS * 1000).toISOString();
  const wanted = denyPolicy(statementId(caseRef, key), olderThan(until));
  await writeInline(target, REVOKE_POLICY, wanted, world, note);
}

function verify(task: RevokeTask, world: World): Promise<Verification> {
  const { name } = task.target;
  const proofOf = (policy: JsonObject | null): Said | null => {
    const found = ofThisRun(task, policy);
    return found && say('aws.sessions.proven', { name, at: { time: found.at }, policy: REVOKE_POLICY });
  };
  return proveInline(task, REVOKE_POLICY, proofOf, world);
}

export const revokeRoleSessions: GovernanceAction<IamRoleTarget, InlineState> = {
  id: 'aws.iam.revoke-role-sessions',
  title: say('aws.title.revoke-role-sessions'),
  targetKind: 'iam-role',
  needs: 'A role in a listed account that is not protected, and that AWS lets an account change.',
  effect: 'converges',
  strength: 4,
  permissions: { aws: ROLE_POLICY_PERMISSIONS },
  capPerHour: 20,

  find: callersElseTargets('iam-role'),
  read: (target, world) => readInline(target, REVOKE_POLICY, world),

  plan(target, state, settings) {
    const { name } = target;
    const reason = untouchable(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    const older = revocationIn(state.policy);
    if (state.policy !== null && !older)
      return {
        kind: 'refused',
        reason: say('aws.policy.left-alone', { ...principalFilling(target), policy: REVOKE_POLICY }),
      };
    return {
      kind: 'offered',
      says: [
        say('aws.sessions.ends', { name, seconds: AHEAD_SECONDS }),
        say('aws.sessions.new-one'),
        begunRolesSentence(target),
        say('aws.sessions.machines'),
        ...(older ? [say('aws.sessions.takes-place', { ref: older.ref })] : []),
      ],
      basis: { policy: state.policy, uniqueId: state.uniqueId ?? null },
      undo: {
        possible: true,
        says: older ? say('aws.sessions.undo-puts-back', { ref: older.ref }) : say('aws.sessions.undo'),
      },
    };
  },

  execute,
  verify,

  revert: {
    differences: inlineDifferences(REVOKE_POLICY, wordsOf),
    gone: principalGone,
    execute: (task, world, note) => putBack(task, REVOKE_POLICY, world, note),
    verify: (task, world) => {
      const { target, before } = task;
      const proofOf = (policy: JsonObject | null): Said | null =>
        isSame(policy, before.policy) ? backWords(target, before) : null;
      return proveInline(task, REVOKE_POLICY, proofOf, world);
    },
  },
};

const backWords = ({ name }: IamRoleTarget, { policy }: InlineState): Said =>
  policy
    ? say('aws.sessions.as-it-was', { name, policy: REVOKE_POLICY })
    : say('aws.sessions.absent', { name, policy: REVOKE_POLICY });
