// A person's direct place in one group, as the actions that change it read, refuse and prove it.
import type { UserId } from '../../case/ids.ts';
import { type Said, say } from '../../case/said.ts';
import type { GroupFacts } from '../../ports/groups.ts';
import type { Difference, RequestNote, Verification, World } from '../action.ts';
import {
  type AccountFacts,
  goneWithAccount,
  nothingLeft,
  type Person,
  READ_ACCOUNT,
  readAccount,
  unprovenOnGone,
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
}: GroupFacts): Said | null {
  const named = { group: displayName };
  if (roleAssignable) return say('users.group.gives-roles', named);
  if (dynamic) return say('users.group.by-rule', named);
  if (ofExchange) return say('users.group.of-exchange', named);
  return synced ? say('users.group.synced', named) : null;
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
  user: Person,
  group: Pick<GroupFacts, 'id' | 'displayName'>,
  member: boolean,
  { groups, directory }: World,
): Promise<Verification> {
  const gone = await unprovenOnGone(user, directory);
  if (gone) return gone;
  const is = await groups.hasDirectMember(group.id, user.id);
  const names = { person: user.label, group: group.displayName };
  if (is === member)
    return {
      kind: 'took-effect',
      says: say(member ? 'users.group.is-in' : 'users.group.is-out', names),
    };
  return {
    kind: 'not-yet',
    says: say(member ? 'users.group.not-shown-yet' : 'users.group.still-shown', names),
    retryInMs: LOOK_AGAIN_MS,
  };
}

/** Why nothing of it is left to put back; null where something may be. */
export function membershipGone({ label }: Person, now: MembershipState): Said | null {
  const gone = goneWithAccount(label, now);
  return gone || now.group ? gone : nothingLeft(say('users.group.gone'));
}

export function membershipDifferences(
  before: MembershipState,
  after: MembershipState,
  now: MembershipState,
): readonly Difference[] {
  const words = ({ exists, group, member }: MembershipState): Said => {
    if (!exists) return say('users.account.missing');
    if (!group) return say('users.group.missing');
    return say(member ? 'users.group.in' : 'users.group.not-in', { group: group.displayName });
  };
  const same = now.exists && now.group?.id === after.group?.id && now.member === after.member;
  if (same) return [];
  return [{ part: say('users.part.membership'), before: words(before), left: words(after), now: words(now) }];
}
