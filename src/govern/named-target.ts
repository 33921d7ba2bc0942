// Reads what somebody wrote as the target of an action: people, groups and apps are looked up, so that what is named is there. What is
// done to a name that nobody has would be proven all the same.
import { parseUserId } from '../case/ids.ts';
import { parseTarget, type Target } from '../case/target.ts';
import type { World } from './action.ts';

type Parts = Pick<World, 'directory' | 'groups' | 'consents'>;

/**
 * `user:<who>`, `membership:<who>:<group>`, `app-grant:<who>:<app>`, with an object id or a principal name, an object id and an
 * `appId`; an Identity Center user with their principal name; anything else as `parseTarget` takes it. Null for what is none, or
 * not there. Throws as the directory does.
 */
export async function namedTarget(written: string, parts: Parts): Promise<Target | null> {
  const [, kind, who = '', what = ''] =
    /^(user|membership|app-grant):([^:\s]+)(?::(\S+))?$/.exec(written) ?? [];
  if (!kind) return knownSession(parseTarget(written), parts);
  // Both are ids of the tenant, and the same form.
  if (kind === 'user' ? what !== '' : parseUserId(what) === null) return null;
  const user = await parts.directory.findUser(who);
  if (!user) return null;
  const { id, displayName, userPrincipalName: principalName } = user;
  if (kind === 'user') return { kind, id, label: displayName, principalName };
  const found = kind === 'membership' ? await parts.groups.find(what) : await parts.consents.findApp(what);
  if (!found) return null;
  const theirs = { user: id, userLabel: displayName, principalName, label: found.displayName };
  return kind === 'membership'
    ? { kind: 'membership', ...theirs, group: found.id }
    : // However it is written: who is at work on the same thing is known by it.
      { kind: 'app-grant', ...theirs, app: what.toLowerCase() };
}

const knownSession = async (target: Target | null, { directory }: Parts): Promise<Target | null> =>
  target?.kind === 'sso-session' && !(await directory.findUser(target.user)) ? null : target;
