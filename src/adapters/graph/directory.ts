// The company's people through Microsoft Graph. A look-up that cannot be made fails: it never answers "nobody" or "not an administrator".
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import { parseUserId, type UserId } from '../../case/ids.ts';
import { say } from '../../case/said.ts';
import type { Directory, DirectoryUser, Manager } from '../../ports/directory.ts';
import { type GraphAnswer, type GraphClient, segment } from './client.ts';
import { pagesOf } from './pages.ts';
import { parseAnswer } from './parse.ts';
import type { GraphPermission } from './permissions.ts';
import { holdsRole } from './roles.ts';

const READ: readonly GraphPermission[] = ['User.Read.All'];
/** "directoryObject: checkMemberGroups", for a user: least with these two. */
const GROUPS: readonly GraphPermission[] = ['User.Read.All', 'GroupMember.Read.All'];
const REVOKE: readonly GraphPermission[] = ['User.RevokeSessions.All'];
/** Not a permission, but as often what is missing: "Update user", administrators. */
const HIGHER_ROLE = 'a directory role that may change this account';
/** "Update user": accountEnabled takes both. */
const ENABLE = [
  'User.EnableDisableAccount.All' satisfies GraphPermission,
  'User.Read.All' satisfies GraphPermission,
  HIGHER_ROLE,
];
/** "Update user": an app without a user needs the role User Administrator as well, and a higher one for administrators. */
const PASSWORD = ['User-PasswordProfile.ReadWrite.All' satisfies GraphPermission, HIGHER_ROLE];
const GONE = say('errors.graph-no-account');

/** "You can check up to a maximum of 20 groups per request." */
const GROUPS_PER_CALL = 20;

/** "user resource type": accountEnabled, userType and the session time come only when asked for. */
const USER_PROPERTIES = [
  'id',
  'displayName',
  'userPrincipalName',
  'accountEnabled',
  'userType',
  'onPremisesSyncEnabled',
  'onPremisesSecurityIdentifier',
  'mail',
  'preferredLanguage',
  'signInSessionsValidFromDateTime',
].join(',');

const MOST_FOUND = 10;
/** Guests are left out of the answer: old accounts have no type to filter by. */
const MOST_LOOKED_AT = 50;
const LONGEST_SEARCH = 100;
/** "Use the $search query parameter": directory objects, properties of a user. */
const SEARCHED = ['displayName', 'mail', 'userPrincipalName'];

const userBody = z.object({
  id: z.guid(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string(),
  accountEnabled: z.boolean(),
  userType: z.string().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  onPremisesSecurityIdentifier: z.string().nullish(),
  mail: z.string().nullish(),
  preferredLanguage: z.string().nullish(),
  signInSessionsValidFromDateTime: z.string().nullish(),
});
/** Null until a change was ever asked for; Graph never hands out the password itself. Left out altogether, it is hidden from us. */
const passwordBody = z.object({
  passwordProfile: z
    .object({
      forceChangePasswordNextSignIn: z.boolean().nullish(),
      forceChangePasswordNextSignInWithMfa: z.boolean().nullish(),
    })
    .nullable(),
  lastPasswordChangeDateTime: z.string().nullish(),
});
const memberGroupsBody = z.object({ value: z.array(z.string()) });
const managerBody = z.object({
  '@odata.type': z.string(),
  id: z.string(),
  displayName: z.string().nullish(),
});

function toUser(answer: Pick<GraphAnswer, 'body' | 'requestId'>): DirectoryUser {
  const user = parseAnswer(userBody, answer, 'a user');
  const id = user.id.toLowerCase() as UserId;
  const { userPrincipalName, userType, preferredLanguage, mail } = user;
  const { onPremisesSecurityIdentifier: sid, signInSessionsValidFromDateTime: validFrom } = user;
  return {
    id,
    displayName: user.displayName || userPrincipalName,
    userPrincipalName,
    enabled: user.accountEnabled,
    // Old accounts have no type; an invited one still shows by its name.
    guest: userType ? userType === 'Guest' : userPrincipalName.includes('#EXT#'),
    synced: user.onPremisesSyncEnabled === true,
    ...(sid ? { securityIdentifier: sid } : {}),
    ...(mail ? { mail } : {}),
    ...(preferredLanguage ? { preferredLanguage } : {}),
    ...(validFrom ? { sessionsValidFrom: validFrom } : {}),
  };
}

/** Whether Graph could know this text at all: an object id, or a name with an @ and nothing that cannot stand in one. */
const mayBeUser = (text: string): boolean =>
  parseUserId(text) !== null || /^[^\s@$/\\?*:|<>"%&]{1,200}@[^\s@/\\?#%&]{1,200}$/.test(text);

/** A clause a property, each in quotes: inside them a quote or a backslash takes a backslash. Empty for words that say nothing. */
function searchOf(text: string): string {
  const words = text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_SEARCH)
    .toWellFormed();
  if (!/[\p{L}\p{N}]/u.test(words)) return '';
  const quoted = words.replaceAll(/["\\]/g, (char) => `\\${char}`);
  return SEARCHED.map((property) => `"${property}:${quoted}"`).join(' OR ');
}

export function createGraphDirectory(client: GraphClient): Directory {
  async function findUser(idOrPrincipalName: string): Promise<DirectoryUser | null> {
    if (!mayBeUser(idOrPrincipalName)) return null;
    const answer = await client.call({
      method: 'GET',
      path: `/users/${segment(idOrPrincipalName)}`,
      query: { $select: USER_PROPERTIES },
      permissions: READ,
      answers: [404],
    });
    return answer.status === 404 ? null : toUser(answer);
  }

  return {
    findUser,

    async searchPeople(text) {
      const $search = searchOf(text);
      if ($search === '') return [];
      const pages = pagesOf(client, {
        method: 'GET',
        path: '/users',
        query: {
          $search,
          $filter: 'accountEnabled eq true',
          $count: 'true',
          $select: USER_PROPERTIES,
          $top: String(MOST_LOOKED_AT),
        },
        // "Advanced query capabilities on directory objects": $search takes both this and $count.
        headers: { ConsistencyLevel: 'eventual' },
        permissions: READ,
      });
      const found: DirectoryUser[] = [];
      let looked = 0;
      for await (const page of pages) {
        const users = page.map((body) => toUser({ body, requestId: '' }));
        found.push(...users.filter(({ enabled, guest }) => enabled && !guest));
        looked += page.length;
        if (found.length >= MOST_FOUND || looked >= MOST_LOOKED_AT) break;
      }
      return found.slice(0, MOST_FOUND);
    },

    async managerOf(id): Promise<Manager | null> {
      const answer = await client.call({
        method: 'GET',
        path: `/users/${segment(id)}/manager`,
        permissions: READ,
        answers: [404],
      });
      if (answer.status === 404) return null;
      const manager = parseAnswer(managerBody, answer, 'a manager');
      const displayName = manager.displayName || 'A contact without a name';
      if (manager['@odata.type'] !== '#microsoft.graph.user') return { kind: 'contact', displayName };
      // Read again by id: the manager's own answer leaves out whether the account is enabled.
      const user = await findUser(manager.id);
      return user && { kind: 'user', user };
    },

    isAdministrator: (id) => holdsRole(client, id),

    async isMemberOfAny(id, groups): Promise<boolean> {
      for (let from = 0; from < groups.length; from += GROUPS_PER_CALL) {
        const answer = await client.call({
          method: 'POST',
          path: `/users/${segment(id)}/checkMemberGroups`,
          body: { groupIds: groups.slice(from, from + GROUPS_PER_CALL) },
          permissions: GROUPS,
          gone: GONE,
        });
        if (parseAnswer(memberGroupsBody, answer, 'group memberships').value.length > 0) return true;
      }
      return false;
    },

    async revokeSessions(id) {
      const { body, requestId } = await client.call({
        method: 'POST',
        path: `/users/${segment(id)}/revokeSignInSessions`,
        permissions: REVOKE,
        gone: GONE,
      });
      const refused = z.object({ value: z.literal(false) }).safeParse(body).success;
      if (refused)
        throw new CountersignError('graph.refused', 'Graph did not revoke the sessions.', { requestId });
      return { requestId };
    },

    async setEnabled(id, enabled) {
      const { requestId } = await client.call({
        method: 'PATCH',
        path: `/users/${segment(id)}`,
        body: { accountEnabled: enabled },
        permissions: ENABLE,
        gone: GONE,
      });
      return { requestId };
    },

    async passwordOf(id) {
      const answer = await client.call({
        method: 'GET',
        path: `/users/${segment(id)}`,
        query: { $select: 'passwordProfile,lastPasswordChangeDateTime' },
        permissions: READ,
        answers: [404],
      });
      if (answer.status === 404) return null;
      const user = parseAnswer(passwordBody, answer, "a user's password profile");
      const { forceChangePasswordNextSignIn: must, forceChangePasswordNextSignInWithMfa: mustWithMfa } =
        user.passwordProfile ?? {};
      return {
        mustChange: must === true || mustWithMfa === true,
        changedAt: user.lastPasswordChangeDateTime ?? null,
      };
    },

    // Without a new password beside it: the present one stays good for one more sign-in. "passwordProfile resource type"
    // asks for a password only where a user is created; where Graph answers 204 all the same and nothing is set, reading back shows it.
    async setMustChangePassword(id, must) {
      const { requestId } = await client.call({
        method: 'PATCH',
        path: `/users/${segment(id)}`,
        body: { passwordProfile: { forceChangePasswordNextSignIn: must } },
        permissions: PASSWORD,
        gone: GONE,
      });
      return { requestId };
    },
  };
}
