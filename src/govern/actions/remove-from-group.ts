// Takes a person out of one group that the case is about, and undoes it. Never touches groups that may give directory roles, that a
// rule fills, or that on-premises AD owns, nor any that the settings do not list where they list some.
import type { MembershipTarget } from '../../case/target.ts';
import type { Aims, GovernanceAction, World } from '../action.ts';
import { aimed } from '../aims.ts';
import {
  groupRefusal,
  MEMBERSHIP_PERMISSIONS,
  type MembershipState,
  membershipDifferences,
  membershipObstacle,
  readMembership,
  setMember,
  verifyMember,
} from '../membership.ts';
import { protectedBecause } from '../protected-users.ts';

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
  title: 'Remove from the group',
  targetKind: 'membership',
  needs:
    'Somebody not protected, directly in a group that gives no directory roles, that no rule fills and that Entra owns.',
  effect: 'converges',
  strength: 3,
  permissions: { graph: MEMBERSHIP_PERMISSIONS },
  capPerHour: 30,

  find,
  read: ({ user, group }, world) => readMembership(user, group, world),

  plan(target, state, settings) {
    const { userLabel, label } = target;
    const protectedReason = protectedBecause(personOf(target), state, settings);
    if (protectedReason) return { kind: 'refused', reason: protectedReason };
    const { group } = state;
    if (!group) return { kind: 'refused', reason: `There is no group "${label}" any more.` };
    const { displayName } = group;
    const reason = groupRefusal(group);
    if (reason) return { kind: 'refused', reason };
    if (settings.users.removableGroups?.includes(group.id.toLowerCase()) === false)
      return {
        kind: 'refused',
        reason: `The settings let nobody be taken out of the group "${displayName}".`,
      };
    if (!state.member)
      return { kind: 'refused', reason: `${userLabel} is not in the group "${displayName}" directly.` };
    return {
      kind: 'offered',
      says: [
        `Takes ${userLabel} out of the group "${displayName}", with whatever the group gives them.`,
        // "Continuous access evaluation", group membership and policy update effective time: "could take up to one day".
        'It applies to new sign-ins within minutes; apps that are open may go on for up to a day.',
      ],
      basis: { group: group.id },
      undo: { possible: true, says: 'Undo adds them to the group again.' },
    };
  },

  execute: ({ target }, world, note) => setMember(target.user, target.group, false, world, note),
  verify: ({ target, before }, world) =>
    verifyMember(personOf(target), groupOf(target, before), false, world),

  revert: {
    differences: membershipDifferences,
    obstacle: (target, _before, now) => membershipObstacle(personOf(target), now),
    execute: ({ target }, world, note) => setMember(target.user, target.group, true, world, note),
    verify: ({ target, before }, world) =>
      verifyMember(personOf(target), groupOf(target, before), true, world),
  },
};
