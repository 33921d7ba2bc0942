// Whether somebody holds a directory role, or may take one on: over the whole directory or a part of it, by themselves or through a
// role-assignable group. A look-up that cannot be made fails: it never answers "not an administrator".
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import type { UserId } from '../../case/ids.ts';
import type { JsonObject } from '../../case/json.ts';
import { say } from '../../case/said.ts';
import { type GraphCall, type GraphClient, literal, segment } from './client.ts';
import { saysNoLicence } from './errors.ts';
import { pagesOf } from './pages.ts';
import { parseItem } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

/** Enough for "List unifiedRoleAssignments", too. */
const MEMBERSHIPS: readonly GraphPermission[] = ['Directory.Read.All'];
const ELIGIBLE: readonly GraphPermission[] = ['RoleEligibilitySchedule.Read.Directory'];

const holdingItem = z.object({ principalId: z.string() });

/** Holds a role by this membership. Throws `graph.forbidden` for a group that Graph shows only by its id, as it does without permission. */
function givesRole(membership: JsonObject): boolean {
  const type = membership['@odata.type'];
  if (type !== '#microsoft.graph.group') return type === '#microsoft.graph.directoryRole';
  const { displayName, isAssignableToRole } = membership;
  if (typeof displayName !== 'string' || isAssignableToRole === undefined)
    throw new CountersignError(
      'graph.forbidden',
      `Graph hides what a group is, so roles cannot be ruled out: check that the app has ${MEMBERSHIPS}`,
    );
  return isAssignableToRole === true;
}

export async function holdsRole(client: GraphClient, id: UserId): Promise<boolean> {
  async function any(call: Omit<GraphCall, 'method'>, counts: (item: JsonObject) => boolean) {
    for await (const page of pagesOf(client, { method: 'GET', ...call })) if (page.some(counts)) return true;
    return false;
  }
  const query = { $filter: `principalId eq ${literal(id)}` };
  const isTheirs = (item: JsonObject): boolean =>
    parseItem(holdingItem, item, 'a role assignment').principalId.toLowerCase() === id.toLowerCase();

  return (
    (await any(
      {
        path: `/users/${segment(id)}/memberOf`,
        query: { $select: 'id,displayName,isAssignableToRole', $top: '999' },
        permissions: MEMBERSHIPS,
        gone: say('errors.graph-no-account'),
      },
      givesRole,
    )) ||
    // Those over an administrative unit or one app are no memberships.
    (await any(
      { path: '/roleManagement/directory/roleAssignments', query, permissions: MEMBERSHIPS },
      isTheirs,
    )) ||
    // Without the licence nobody can be eligible: "AadPremiumLicenseRequired".
    (await any(
      {
        path: '/roleManagement/directory/roleEligibilityScheduleInstances',
        query,
        permissions: ELIGIBLE,
        answers: [400, 403],
        isAnswer: saysNoLicence,
      },
      isTheirs,
    ))
  );
}
