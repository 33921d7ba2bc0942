// Groups of the made-up tenant: reading one, adding and removing a member, with everything that Graph refuses there.
import type { JsonObject } from '../../case/json.ts';
import type { DirectoryMembership, Person } from '../people.ts';
import { allowOptions, select } from './odata.ts';
import { badRequest, type Call, denied, jsonBody, notFound, type Route } from './reply.ts';
import type { State } from './state.ts';

export interface GroupsOptions {
  readonly people: readonly Person[];
  readonly groups: readonly DirectoryMembership[];
  readonly state: State;
}

const DEFAULTS = [
  'id',
  'displayName',
  'groupTypes',
  'mailEnabled',
  'onPremisesSyncEnabled',
  'isAssignableToRole',
];
const MEMBER_LINK = /^https:\/\/[^/]+\/v1\.0\/directoryObjects\/([0-9a-f-]{36})$/i;

const entity = (group: DirectoryMembership): JsonObject => ({
  id: group.id,
  displayName: group.displayName,
  groupTypes: [...(group.groupTypes ?? [])],
  mailEnabled: group.mailEnabled === true,
  securityEnabled: !group.groupTypes?.includes('Unified'),
  onPremisesSyncEnabled: group.onPremisesSyncEnabled ?? null,
  isAssignableToRole: group.isAssignableToRole || null,
});

/** What Graph refuses to change, each in its own way. */
function refuseUnchangeable(group: DirectoryMembership): void {
  // Seen as "Insufficient privileges" for dynamic groups too, as for those that give roles.
  if (group.groupTypes?.includes('DynamicMembership') || group.isAssignableToRole) throw denied();
  if (group.onPremisesSyncEnabled)
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  if (group.mailEnabled && !group.groupTypes?.includes('Unified'))
    throw badRequest('Cannot Update a mail-enabled security groups and or distribution list.');
}

export function groupRoutes({ people, groups, state }: GroupsOptions): Route[] {
  function groupOf({ params: { group = '' } }: Call): DirectoryMembership {
    const found = groups.find((one) => one.id === group.toLowerCase());
    if (!found) throw notFound(group);
    return found;
  }

  function personWith(id: string): Person {
    const found = people.find((one) => one.id === id.toLowerCase());
    if (!found) throw notFound(id);
    return found;
  }

  function add(call: Call): void {
    const group = groupOf(call);
    const { '@odata.id': link, ...others } = jsonBody(call);
    const id = MEMBER_LINK.exec(String(link))?.[1];
    if (!id || Object.keys(others).length > 0) throw badRequest('Invalid URL format specified in payload.');
    const person = personWith(id);
    refuseUnchangeable(group);
    const mine = state.tenant.groupIds(person.id);
    if (mine.includes(group.id))
      throw badRequest(
        "One or more added object references already exist for the following modified properties: 'members'.",
      );
    state.tenant.setGroupIds(person.id, [...mine, group.id]);
  }

  function remove(call: Call): void {
    const group = groupOf(call);
    const wanted = call.params.user ?? '';
    const mine = state.tenant.groupIds(wanted.toLowerCase());
    if (!mine.includes(group.id)) throw notFound(wanted);
    refuseUnchangeable(group);
    state.tenant.setGroupIds(
      wanted.toLowerCase(),
      mine.filter((one) => one !== group.id),
    );
  }

  return [
    [
      'GET',
      '/v1.0/groups/:group',
      (call) => {
        allowOptions(call, ['$select']);
        return { status: 200, body: select(entity(groupOf(call)), call, DEFAULTS) };
      },
    ],
    [
      'POST',
      '/v1.0/groups/:group/members/$ref',
      (call) => {
        add(call);
        return { status: 204 };
      },
    ],
    [
      'DELETE',
      '/v1.0/groups/:group/members/:user/$ref',
      (call) => {
        remove(call);
        return { status: 204 };
      },
    ],
  ];
}
