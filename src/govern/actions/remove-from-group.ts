// Takes a person out of one group that the case is about, and undoes it. Never touches groups that may give directory roles, that a
// rule fills, or that on-premises AD owns, nor the one that restricts downloads (the undo of that takes them out), nor any that
// the settings do not list where they list some.
import { say } from '../../case/said.ts';
import type { MembershipTarget } from '../../case/target.ts';
import type { Aims, GovernanceAction, World } from '../action.ts';
import { aimed } from '../aims.ts';
import {
  groupRefusal,
  MEMBERSHIP_PERMISSIONS,
  type MembershipState,
  membershipDifferences,
  membershipGone,
  readMembership,
  setMember,
  verifyMember,
} from '../users/membership.ts';
import { protectedBecause } from '../users/protected-users.ts';

const personOf = ({ user, userLabel }: MembershipTarget) => ({ id: user, label: userLabel });

/** The group by the name that it had when this was planned. */
const groupOf = ({ group, label }: MembershipTarget, before: MembershipState) => ({
  id: group,
  displayName: before.group?.displayName ?? label,
});

/** Only where they are in it themselves: through another group, there is nothing to take away. */
async function find(aims: Aims, { groups }: World): Promise<readonly MembershipTarget[]> {
  const { subject } = aims;
  if (!subject) return [];
  const found: MembershipTarget[] = [];
  for (const { id, label } of await aimed('group')(aims))
    if (await groups.hasDirectMember(id, subject.id))
      found.push({ kind: 'membership', user: subject.id, userLabel: subject.name, group: id, label });
  return found;
}

export const removeFromGroup: GovernanceAction<MembershipTarget, MembershipState> = {
  id: 'entra.group.remove-member',
  title: say('users.title.remove-from-group'),
  targetKind: 'membership',
  needs:
    'Somebody not protected, directly in a group that gives no directory roles, that no rule fills, that Entra owns and that does not restrict downloads.',
  effect: 'converges',
  strength: 3,
  permissions: { graph: MEMBERSHIP_PERMISSIONS },
  capPerHour: 30,

  find,
  read: ({ user, group }, world) => readMembership(user, group, world),

  plan(target, state, settings) {
    const person = target.userLabel;
    const protectedReason = protectedBecause(personOf(target), state, settings);
    if (protectedReason) return { kind: 'refused', reason: protectedReason };
    const { group } = state;
    if (!group) return { kind: 'refused', reason: say('users.group.gone-named', { group: target.label }) };
    const names = { person, group: group.displayName };
    const reason = groupRefusal(group);
    if (reason) return { kind: 'refused', reason };
    if (group.id.toLowerCase() === settings.users.restrictDownloadsGroup?.toLowerCase())
      return { kind: 'refused', reason: say('users.leave.restricts', names) };
    if (settings.users.removableGroups?.includes(group.id.toLowerCase()) === false)
      return {
        kind: 'refused',
        reason: say('users.leave.not-allowed', { group: group.displayName }),
      };
    if (!state.member) return { kind: 'refused', reason: say('users.leave.not-direct', names) };
    return {
      kind: 'offered',
      says: [
        say('users.leave.takes-out', names),
        // "Continuous access evaluation", group membership and policy update effective time: "could take up to one day".
        say('users.leave.when'),
      ],
      basis: { group: group.id },
      undo: { possible: true, says: say('users.leave.undo') },
    };
  },

  execute: ({ target }, world, note) => setMember(target.user, target.group, false, world, note),
  verify: ({ target, before }, world) =>
    verifyMember(personOf(target), groupOf(target, before), false, world),

  revert: {
    differences: membershipDifferences,
    gone: (target, _before, now) => membershipGone(personOf(target), now),
    execute: ({ target }, world, note) => setMember(target.user, target.group, true, world, note),
    verify: ({ target, before }, world) =>
      verifyMember(personOf(target), groupOf(target, before), true, world),
  },
};
