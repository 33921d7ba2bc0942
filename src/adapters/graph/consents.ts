// What people allowed apps to do, through Graph: delegated grants and roles in apps. Never touches what an administrator allowed for everybody.
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import { foreignName } from '../../case/foreign-name.ts';
import type { UserId } from '../../case/ids.ts';
import { say } from '../../case/said.ts';
import type { AppRole, Consents, DelegatedGrant } from '../../ports/consents.ts';
import { type GraphClient, type GraphErrorBody, literal, segment } from './client.ts';
import { pagesOf } from './pages.ts';
import { parseAnswer, parseItem } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

const APPS: readonly GraphPermission[] = ['Application.Read.All'];
const READ: readonly GraphPermission[] = ['Directory.Read.All'];
const GRANTS: readonly GraphPermission[] = ['DelegatedPermissionGrant.ReadWrite.All'];
const ROLES: readonly GraphPermission[] = ['AppRoleAssignment.ReadWrite.All'];
const GONE = say('errors.graph-no-account-or-app');
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** "appRoleAssignment resource type": assigned to an app without a role of it, which permits nothing. */
const NO_ROLE = '00000000-0000-0000-0000-000000000000';

const appBody = z.object({ id: z.string(), displayName: z.string().nullish() });
const grantItem = z.object({
  id: z.string(),
  consentType: z.string(),
  principalId: z.string().nullish(),
  resourceId: z.string(),
  scope: z.string().nullish(),
});
const roleItem = z.object({
  id: z.string(),
  appRoleId: z.string(),
  principalId: z.string(),
  resourceId: z.string(),
});

const scopes = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);
/** Microsoft varies it: "Permission being assigned already exists on the object", "EntitlementGrant entry already exists". */
const isThereAlready = ({ message }: GraphErrorBody): boolean => /already exists/i.test(message);

/** An id inside a filter: what is no GUID cannot be one of Entra. Throws `graph.bad-id`. */
function guid(id: string): string {
  if (!GUID.test(id))
    throw new CountersignError('graph.bad-id', 'An id that cannot be one of Graph was refused.');
  return id;
}

/** `ownApps`: the client ids that Countersign itself goes by. */
export function createGraphConsents(client: GraphClient, ownApps: readonly string[]): Consents {
  async function grants(filter: string): Promise<readonly z.infer<typeof grantItem>[]> {
    const found: z.infer<typeof grantItem>[] = [];
    const pages = pagesOf(client, {
      method: 'GET',
      path: '/oauth2PermissionGrants',
      query: { $filter: filter },
      permissions: READ,
    });
    for await (const page of pages) found.push(...page.map((item) => parseItem(grantItem, item, 'a grant')));
    return found;
  }

  // Not `/users/{id}/oauth2PermissionGrants`: "List a user's oauth2PermissionGrants" is not supported for applications.
  async function delegatedGrants(user: UserId, principal: string): Promise<readonly DelegatedGrant[]> {
    const filter = `clientId eq ${literal(guid(principal))} and principalId eq ${literal(guid(user))}`;
    const found = await grants(filter);
    return found
      .filter((one) => one.consentType === 'Principal' && one.principalId?.toLowerCase() === user)
      .map((one) => ({ id: one.id, resource: one.resourceId, scope: (one.scope ?? '').trim() }));
  }

  return {
    delegatedGrants,

    async findApp(app) {
      if (!GUID.test(app)) return null;
      const answer = await client.call({
        method: 'GET',
        path: `/servicePrincipals(appId=${literal(app.toLowerCase())})`,
        query: { $select: 'id,displayName' },
        permissions: APPS,
        answers: [404],
      });
      if (answer.status === 404) return null;
      const { id, displayName } = parseAnswer(appBody, answer, 'an app');
      const facts = { id, displayName: foreignName(displayName) || app };
      return ownApps.some((own) => own.toLowerCase() === app.toLowerCase())
        ? { ...facts, ours: true }
        : facts;
    },

    async isAllowedForEverybody(principal) {
      const filter = `clientId eq ${literal(guid(principal))} and consentType eq 'AllPrincipals'`;
      return (await grants(filter)).some((one) => one.consentType === 'AllPrincipals');
    },

    async ownPermissions(principal) {
      let found = 0;
      const pages = pagesOf(client, {
        method: 'GET',
        path: `/servicePrincipals/${guid(principal)}/appRoleAssignments`,
        permissions: APPS,
        gone: GONE,
      });
      for await (const page of pages)
        for (const item of page)
          if (parseItem(roleItem, item, 'an app role assignment').appRoleId !== NO_ROLE) found += 1;
      return found;
    },

    async appRoles(user, principal) {
      const found: AppRole[] = [];
      const pages = pagesOf(client, {
        method: 'GET',
        path: `/users/${segment(user)}/appRoleAssignments`,
        query: { $filter: `resourceId eq ${guid(principal)}` },
        permissions: READ,
        gone: GONE,
      });
      for await (const page of pages)
        for (const item of page) {
          const role = parseItem(roleItem, item, 'an app role assignment');
          // The list also has what the person's groups were given: that is not theirs to lose.
          if (role.principalId.toLowerCase() === user)
            found.push({ id: role.id, resource: role.resourceId, role: role.appRoleId });
        }
      return found;
    },

    async removeDelegatedGrant(id) {
      const { requestId } = await client.call({
        method: 'DELETE',
        path: `/oauth2PermissionGrants/${segment(id)}`,
        permissions: GRANTS,
        answers: [404],
      });
      return { requestId };
    },

    async addDelegatedGrant(user, principal, { resource, scope }) {
      const { status, requestId } = await client.call({
        method: 'POST',
        path: '/oauth2PermissionGrants',
        body: {
          clientId: principal,
          consentType: 'Principal',
          principalId: user,
          resourceId: resource,
          scope,
        },
        permissions: GRANTS,
        gone: GONE,
        answers: [409],
        isAnswer: isThereAlready,
      });
      // One grant for each app, API and person: ours from a first try, or another that does not allow as much.
      if (status === 409) {
        const all = await delegatedGrants(user, principal);
        const there = scopes(all.find((one) => one.resource === resource)?.scope ?? '');
        if (!scopes(scope).every((one) => there.includes(one)))
          throw new CountersignError(
            'graph.conflict',
            'POST /oauth2PermissionGrants: another grant is there',
            {
              say: say('errors.graph-other-consent'),
              requestId,
            },
          );
      }
      return { requestId };
    },

    async removeAppRole(user, id) {
      const { requestId } = await client.call({
        method: 'DELETE',
        path: `/users/${segment(user)}/appRoleAssignments/${segment(id)}`,
        permissions: ROLES,
        answers: [404],
      });
      return { requestId };
    },

    async addAppRole(user, { resource, role }) {
      const { requestId } = await client.call({
        method: 'POST',
        path: `/users/${segment(user)}/appRoleAssignments`,
        body: { principalId: user, resourceId: resource, appRoleId: role },
        permissions: ROLES,
        gone: GONE,
        answers: [400, 409],
        isAnswer: isThereAlready,
      });
      return { requestId };
    },
  };
}
