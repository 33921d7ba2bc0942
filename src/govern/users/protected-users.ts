// Whose account no action changes, and why: by list, by role, and Countersign's own. One place, so that no action forgets one.
import type { UserId } from '../../case/ids.ts';
import { type Said, say } from '../../case/said.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import type { Directory, DirectoryUser } from '../../ports/directory.ts';
import type { Verification } from '../action.ts';

/** What every action on a person must know first. */
export type AccountFacts = {
  readonly exists: boolean;
  readonly principalName: string | null;
  readonly enabled: boolean;
  readonly administrator: boolean;
  readonly guest: boolean;
  /** Owned by on-premises Active Directory. */
  readonly synced: boolean;
};

export interface Person {
  readonly id: UserId;
  readonly label: string;
}

/** What `readAccount` needs. */
export const READ_ACCOUNT = [
  'User.Read.All',
  'Directory.Read.All',
  'RoleEligibilitySchedule.Read.Directory',
] as const;

const NOBODY: AccountFacts = {
  exists: false,
  principalName: null,
  enabled: false,
  administrator: false,
  guest: false,
  synced: false,
};

/** Throws where it cannot be known whether somebody is an administrator: then nothing is planned. */
export const readAccount = async (id: UserId, directory: Directory): Promise<AccountFacts> =>
  (await readAccountAndUser(id, directory)).account;

/** The same, with what else the directory says of them. */
export async function readAccountAndUser(
  id: UserId,
  directory: Directory,
): Promise<{ readonly account: AccountFacts; readonly user: DirectoryUser | null }> {
  const user = await directory.findUser(id);
  if (!user) return { account: NOBODY, user };
  const administrator = await directory.isAdministrator(id);
  const { userPrincipalName: principalName, enabled, guest, synced } = user;
  return { account: { exists: true, principalName, enabled, administrator, guest, synced }, user };
}

export const accountGone = (person: string): Said => say('users.account.gone', { person });
/** As a reason against an undo: what was done went with it. */
export const nothingLeft = (why: Said): Said => say('users.nothing-left', { why });
/** What was done to an account went with it. */
export const goneWithAccount = (label: string, { exists }: AccountFacts): Said | null =>
  exists ? null : nothingLeft(accountGone(label));

/** As a proof: on an account that is gone nothing can be seen to be so. Null where it is there. */
export async function unprovenOnGone(
  { id, label }: Person,
  directory: Directory,
): Promise<Extract<Verification, { kind: 'not-done' }> | null> {
  return (await directory.findUser(id)) ? null : { kind: 'not-done', says: accountGone(label) };
}

/** Countersign's mail comes from there. */
export const isOurs = (
  { id }: Pick<Person, 'id'>,
  { principalName }: Pick<AccountFacts, 'principalName'>,
  { users }: OperatorSettings,
): boolean => {
  const mailFrom = users.mailFrom?.toLowerCase();
  return mailFrom !== undefined && [id.toLowerCase(), principalName?.toLowerCase()].includes(mailFrom);
};

export const accountIsOurs = (person: string): Said => say('users.account.ours', { person });

/** Why nothing of this person is changed, be it an account or what they sign in to AWS with; null where it may be. */
export function shieldedBecause(
  person: Person,
  account: AccountFacts,
  settings: OperatorSettings,
): Said | null {
  const { id, label } = person;
  if (settings.protectedUsers.includes(id)) return say('users.account.protected', { person: label });
  if (isOurs(person, account, settings)) return accountIsOurs(label);
  return account.administrator ? say('users.account.administrator', { person: label }) : null;
}

/** Why nothing about this account is changed, for the card; null where it may be. */
export function protectedBecause(
  person: Person,
  account: AccountFacts,
  settings: OperatorSettings,
): Said | null {
  const reason = shieldedBecause(person, account, settings);
  return reason ?? (account.exists ? null : accountGone(person.label));
}

/** The same, where only accounts of the company itself can be changed. */
export function protectedOrGuest(
  person: Person,
  account: AccountFacts,
  settings: OperatorSettings,
): Said | null {
  const reason = protectedBecause(person, account, settings);
  if (reason || !account.guest) return reason;
  return say('users.account.guest', { person: person.label });
}
