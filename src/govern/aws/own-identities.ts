// Whose an identity in AWS is, and that it is left alone where that person is: what protects somebody in Entra protects what they
// alone sign in to AWS with. Roles are shared, so they are nobody's.
// Asked when a question is planned and again before an action starts: protection that comes in between holds as well.
import { peopleBehind } from '../../case/behind-target.ts';
import type { Case } from '../../case/case.ts';
import type { UserId } from '../../case/ids.ts';
import type { Said } from '../../case/said.ts';
import type { Target } from '../../case/target.ts';
import type { GovernanceAction, World } from '../action.ts';
import { type Person, readAccount, shieldedBecause } from '../users/protected-users.ts';

type About = Pick<Case, 'subject' | 'callers'>;

/** Why this target is not touched by this action, a sentence; null where it may be. Throws as the directory does. */
export async function ownerProtected(
  { letsIn }: Pick<GovernanceAction, 'letsIn'>,
  target: Target,
  about: About,
  { directory, settings }: Pick<World, 'directory' | 'settings'>,
): Promise<Said | null> {
  const key = identityKey(target);
  // Letting somebody in takes nothing from them.
  if (key === null || letsIn) return null;
  for (const owner of ownersOf(key, target, about, settings)) {
    const person = typeof owner === 'string' ? await named(owner, directory) : owner;
    const reason = shieldedBecause(person, await readAccount(person.id, directory), settings);
    if (reason) return reason;
  }
  return null;
}

/** Equal for what one person signs in with: a user and all of its keys, an Identity Center user in whatever role. */
function identityKey(target: Target): string | null {
  if (target.kind === 'iam-user') return iamKey(target.account, target.name);
  if (target.kind === 'access-key') return iamKey(target.account, target.user);
  return target.kind === 'sso-session' ? `sso ${target.user.toLowerCase()}` : null;
}

/** "IAM identifiers": names are unique in an account, whatever their path and their case. */
const iamKey = (account: string, name: string): string => `iam ${account} ${name.toLowerCase()}`;

/** The subject, where it is what they called with; whom the settings or the Identity Center user's own name say. */
function ownersOf(
  key: string,
  target: Target,
  { subject, callers = [] }: About,
  { aws }: World['settings'],
): readonly (Person | string)[] {
  const isCaller = callers.some((caller) => identityKey(caller) === key);
  return [
    ...(isCaller && subject ? [{ id: subject.id, label: subject.name }] : []),
    ...peopleBehind(target, aws),
  ];
}

async function named(owner: string, directory: World['directory']): Promise<Person> {
  const user = await directory.findUser(owner);
  return { id: user?.id ?? (owner as UserId), label: user?.displayName ?? owner };
}
