// Puts a person into the one group that a Conditional Access session policy keeps from downloading, and undoes it. Whether such a
// policy stands behind the group is the operator's to see to: Countersign only changes who is in it.
import { CountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import type { GroupFacts } from '../../ports/groups.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
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

/** The group that was planned with, whatever the settings say by now. */
function groupOf({ group }: MembershipState): GroupFacts {
  if (group) return group;
  throw new CountersignError('govern.no-snapshot', 'a run on restricted downloads has no group on record');
}

export const restrictDownloads: GovernanceAction<UserTarget, MembershipState> = {
  id: 'entra.user.restrict-downloads',
  title: say('users.title.restrict-downloads'),
  targetKind: 'user',
  needs:
    'An account of the tenant that is not protected, and a group in the settings that a Conditional Access session policy targets.',
  effect: 'converges',
  strength: 3,
  permissions: { graph: MEMBERSHIP_PERMISSIONS },
  capPerHour: 30,

  find: theSubject,
  read: ({ id }, world) => readMembership(id, world.settings.users.restrictDownloadsGroup, world),

  plan(target, state, settings) {
    const person = target.label;
    const protectedReason = protectedBecause(target, state, settings);
    if (protectedReason) return { kind: 'refused', reason: protectedReason };
    if (settings.users.restrictDownloadsGroup === null)
      return { kind: 'moot', reason: say('users.downloads.no-group-named') };
    const { group } = state;
    if (!group)
      return {
        kind: 'refused',
        reason: say('users.downloads.group-gone'),
      };
    const reason = groupRefusal(group);
    if (reason) return { kind: 'refused', reason };
    if (state.member)
      return {
        kind: 'refused',
        met: true,
        reason: say('users.downloads.already', { person, group: group.displayName }),
      };
    return {
      kind: 'offered',
      says: [
        say('users.downloads.adds', { person, group: group.displayName }),
        // "Continuous access evaluation", group membership and policy update effective time: "could take up to one day".
        say('users.downloads.when'),
      ],
      basis: { group: group.id },
      undo: { possible: true, says: say('users.downloads.undo') },
    };
  },

  execute: ({ target, before }, world, note) => setMember(target.id, groupOf(before).id, true, world, note),
  async verify({ target, before }, world) {
    if (!before.group) return { kind: 'not-done', says: say('users.downloads.no-group') };
    return verifyMember(target, before.group, true, world);
  },

  revert: {
    differences: membershipDifferences,
    gone: (target, _before, now) => membershipGone(target, now),
    execute: ({ target, before }, world, note) =>
      setMember(target.id, groupOf(before).id, false, world, note),
    verify: ({ target, before }, world) => verifyMember(target, groupOf(before), false, world),
  },
};
