// A person's direct place in one group, as the actions that change it read, refuse and prove it.
import type { UserId } from '../case/ids.ts';
import type { GroupFacts } from '../ports/groups.ts';
import type { Difference, RequestNote, Verification, World } from './action.ts';
import {
  type AccountFacts,
  goneObstacle,
  NOTHING_LEFT,
  type Person,
  READ_ACCOUNT,
  readAccount,
} from './protected-users.ts';

export type MembershipState = AccountFacts & {
  readonly group: GroupFacts | null;
  readonly member: boolean;
};

export const MEMBERSHIP_PERMISSIONS = [
  ...READ_ACCOUNT,
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
] as const;

/** Memberships take a moment to be the same on every replica of the directory. */
const LOOK_AGAIN_MS = 5_000;

/** With `group` null none is configured, and none is looked for. */
export async function readMembership(
  user: UserId,
  group: string | null,
  { directory, groups }: World,
): Promise<MembershipState> {
  const account = await readAccount(user, directory);
  const found = group !== null && account.exists ? await groups.find(group) : null;
  return { ...account, group: found, member: found ? await groups.hasDirectMember(found.id, user) : false };
}

/** Why nobody is put into this group or taken out of it by Countersign; null where it may be done. */
export function groupRefusal({
  displayName,
  roleAssignable,
  dynamic,
  synced,
  ofExchange,
}: GroupFacts): string | null {
  if (roleAssignable)
    return `The group "${displayName}" may give directory roles: who is in it is only changed by the security team.`;
  if (dynamic) return `A rule decides who is in the group "${displayName}": nobody can be added or removed.`;
  if (ofExchange)
    return `Exchange keeps the group "${displayName}" (a mailing list, or a security group with mail): who is in it can only be changed there.`;
  if (synced)
    return `The group "${displayName}" comes from on-premises Active Directory: the next sync would undo a change made in Entra.`;
  return null;
}

/** One who is in it stays in it, one who is not stays out of it. */
export async function setMember(
  user: UserId,
  group: string,
  member: boolean,
  { groups }: World,
  note: RequestNote,
): Promise<void> {
  const { requestId } = member ? await groups.addMember(group, user) : await groups.removeMember(group, user);
  await note(requestId);
}

export async function verifyMember(
  user: { readonly id: UserId; readonly label: string },
  group: Pick<GroupFacts, 'id' | 'displayName'>,
  member: boolean,
  { groups }: World,
): Promise<Verification> {
  const is = await groups.hasDirectMember(group.id, user.id);
  if (is === member)
    return {
      kind: 'took-effect',
      says: `${user.label} is ${member ? '' : 'no longer '}in the group "${group.displayName}": read back from it.`,
    };
  return {
    kind: 'not-yet',
    says: `The group "${group.displayName}" ${member ? 'does not show' : 'still shows'} ${user.label}${member ? ' yet' : ''}.`,
    retryInMs: LOOK_AGAIN_MS,
  };
}

/** Why nothing of it is left to put back; null where something may be. */
export function membershipObstacle({ label }: Person, now: MembershipState): string | null {
  const gone = goneObstacle(label, now);
  return gone || now.group ? gone : `The group does not exist any more. ${NOTHING_LEFT}`;
}

export function membershipDifferences(
  before: MembershipState,
  after: MembershipState,
  now: MembershipState,
): readonly Difference[] {
  const words = ({ exists, group, member }: MembershipState) => {
    if (!exists) return 'the account does not exist';
    if (!group) return 'the group does not exist';
    return `${member ? 'in' : 'not in'} "${group.displayName}"`;
  };
  const same = now.exists && now.group?.id === after.group?.id && now.member === after.member;
  return same ? [] : [{ part: 'Membership', before: words(before), left: words(after), now: words(now) }];
}
