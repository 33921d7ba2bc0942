// Groups of the directory through Graph. Takes memberships away, and cannot take anything else away (deletable.ts).
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import { foreignName } from '../../case/foreign-name.ts';
import type { UserId } from '../../case/ids.ts';
import { say } from '../../case/said.ts';
import type { GroupFacts, Groups } from '../../ports/groups.ts';
import { type GraphAnswer, type GraphClient, type GraphErrorBody, segment } from './client.ts';
import { pagesOf } from './pages.ts';
import { parseAnswer } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

const READ: readonly GraphPermission[] = ['GroupMember.Read.All'];
/** "Add members", "Remove member", for a user: enough for every group that gives no roles. */
const CHANGE: readonly GraphPermission[] = ['GroupMember.ReadWrite.All'];
/** "List a user's direct memberships" */
const MEMBERSHIPS: readonly GraphPermission[] = ['Directory.Read.All'];
const GONE = say('errors.graph-no-group-or-account');

const GROUP_PROPERTIES = [
  'id',
  'displayName',
  'groupTypes',
  'mailEnabled',
  'onPremisesSyncEnabled',
  'isAssignableToRole',
].join(',');
const groupBody = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  groupTypes: z.array(z.string()),
  mailEnabled: z.boolean(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  // Null for "no". Left out, it is hidden from us, and then roles cannot be ruled out.
  isAssignableToRole: z.boolean().nullable(),
});

function toGroup(answer: GraphAnswer): GroupFacts {
  const group = parseAnswer(groupBody, answer, 'a group');
  // Mail-enabled without being a Microsoft 365 group: Exchange owns it, "Cannot Update a mail-enabled security groups and or distribution list."
  const ofExchange = group.mailEnabled && !group.groupTypes.includes('Unified');
  return {
    id: group.id,
    displayName: foreignName(group.displayName) || group.id,
    dynamic: group.groupTypes.includes('DynamicMembership'),
    synced: group.onPremisesSyncEnabled === true,
    ...(ofExchange && { ofExchange }),
    roleAssignable: group.isAssignableToRole === true,
  };
}

/** "Add members": 400 for somebody who is in it already, and for much else. */
const isMemberAlready = ({ message }: GraphErrorBody): boolean => /references already exist/i.test(message);

export function createGraphGroups(client: GraphClient): Groups {
  async function find(group: string): Promise<GroupFacts | null> {
    const answer = await client.call({
      method: 'GET',
      path: `/groups/${segment(group)}`,
      query: { $select: GROUP_PROPERTIES },
      permissions: READ,
      answers: [404],
    });
    return answer.status === 404 ? null : toGroup(answer);
  }

  return {
    find,

    // From the person's side: a group may have a hundred thousand members, and filtering those reads from an index that lags.
    async hasDirectMember(group, user) {
      const pages = pagesOf(client, {
        method: 'GET',
        path: `/users/${segment(user)}/memberOf`,
        query: { $select: 'id', $top: '999' },
        permissions: MEMBERSHIPS,
        gone: say('errors.graph-no-account'),
      });
      const wanted = group.toLowerCase();
      for await (const page of pages)
        if (page.some(({ id }) => String(id).toLowerCase() === wanted)) return true;
      return false;
    },

    async addMember(group, user) {
      const { requestId } = await client.call({
        method: 'POST',
        path: `/groups/${segment(group)}/members/$ref`,
        body: { '@odata.id': `${client.baseUrl}/v1.0/directoryObjects/${segment(user)}` },
        permissions: CHANGE,
        gone: GONE,
        answers: [400],
        isAnswer: isMemberAlready,
      });
      return { requestId };
    },

    async removeMember(group: string, user: UserId) {
      const { status, requestId } = await client.call({
        method: 'DELETE',
        path: `/groups/${segment(group)}/members/${segment(user)}/$ref`,
        permissions: CHANGE,
        gone: GONE,
        answers: [404],
      });
      // One 404 for both: no such membership, which is what was wanted, and no such group, which nobody expected.
      if (status === 404 && !(await find(group)))
        throw new CountersignError('graph.not-found', `DELETE a member: there is no group ${group}`, {
          say: say('errors.graph-no-group'),
          requestId,
        });
      return { requestId };
    },
  };
}
