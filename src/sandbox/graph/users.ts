// Users of the made-up tenant, as Graph v1.0 shows them: reading, the manager, memberships, disabling,
// signing out and asking for a new password.
import type { Json, JsonObject } from '../../case/json.ts';
import type { DirectoryMembership, Person } from '../people.ts';
import { allowOptions, page, select } from './odata.ts';
import { searchOf } from './people-search.ts';
import { badRequest, type Call, denied, jsonBody, notFound, type Route } from './reply.ts';
import type { State } from './state.ts';

export interface UsersOptions {
  readonly people: readonly Person[];
  readonly groups: readonly DirectoryMembership[];
  readonly state: State;
  /** `https://localhost:PORT/v1.0`, known once the server listens. */
  readonly root: () => string;
  readonly maxPageSize: number;
}

/** What Graph answers without $select ("user resource type", properties returned by default). */
const DEFAULTS = [
  'id',
  'displayName',
  'givenName',
  'surname',
  'jobTitle',
  'mail',
  'preferredLanguage',
  'userPrincipalName',
];

/** With the groups that these groups are in, however deep. */
const groupsOf = (memberships: readonly DirectoryMembership[]): readonly DirectoryMembership[] =>
  memberships.filter((one) => one.kind === 'group').flatMap((one) => [one, ...groupsOf(one.within ?? [])]);

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** The sandbox knows no passwords, so that alone can be asked for. */
function mustChange(profile: Json): boolean {
  const { forceChangePasswordNextSignIn: must, ...others } =
    profile && typeof profile === 'object' && !Array.isArray(profile) ? (profile as JsonObject) : {};
  if (typeof must !== 'boolean' || Object.keys(others).length > 0)
    throw badRequest('Only forceChangePasswordNextSignIn can be changed in the sandbox.');
  return must;
}

/** Entries of a page have none of their own. */
const withoutContext = ({ '@odata.context': _context, ...entry }: JsonObject): JsonObject => entry;

/** The person in the path, by object id or principal name; 404 otherwise. */
export function personOf(people: readonly Person[], call: Call): Person {
  const wanted = call.params.user ?? '';
  const lower = wanted.toLowerCase();
  const person = people.find((one) => one.id === lower || one.userPrincipalName.toLowerCase() === lower);
  if (!person) throw notFound(wanted);
  return person;
}

export function userRoutes({ people, groups, state, root, maxPageSize }: UsersOptions): Route[] {
  /** Roles are fixed, groups are joined and left. */
  const membershipsOf = (person: Person): readonly DirectoryMembership[] => [
    ...state.tenant.groupIds(person.id).flatMap((id) => groups.find((one) => one.id === id) ?? []),
    ...person.memberOf.filter((one) => one.kind === 'directoryRole'),
  ];
  const isAdministrator = (person: Person): boolean =>
    membershipsOf(person).some((one) => one.kind === 'directoryRole' || one.isAssignableToRole === true);

  function entity(person: Person): JsonObject {
    const account = state.account(person.id);
    const { mustChange, changedAt } = state.password(person.id);
    return {
      '@odata.context': `${root()}/$metadata#users/$entity`,
      id: person.id,
      displayName: person.displayName,
      givenName: person.givenName,
      surname: person.surname,
      jobTitle: person.jobTitle,
      mail: person.mail,
      preferredLanguage: person.preferredLanguage,
      userPrincipalName: person.userPrincipalName,
      userType: person.userType,
      onPremisesSyncEnabled: person.onPremisesSyncEnabled,
      onPremisesSecurityIdentifier: person.onPremisesSecurityIdentifier,
      // Null until somebody asked for a change, and never the password itself.
      passwordProfile:
        mustChange === null
          ? null
          : {
              password: null,
              forceChangePasswordNextSignIn: mustChange,
              forceChangePasswordNextSignInWithMfa: false,
            },
      lastPasswordChangeDateTime: changedAt,
      accountEnabled: account.accountEnabled,
      signInSessionsValidFromDateTime: account.sessionsValidFrom,
    };
  }

  function manager(call: Call): JsonObject {
    allowOptions(call, ['$select']);
    const link = personOf(people, call).manager;
    if (!link) throw notFound('manager');
    if (link.kind === 'contact') {
      const { id, displayName, mail } = link;
      return { '@odata.type': '#microsoft.graph.orgContact', id, displayName, mail };
    }
    const boss = people.find((one) => one.id === link.id);
    if (!boss) throw notFound('manager');
    return select({ '@odata.type': '#microsoft.graph.user', ...entity(boss) }, call, DEFAULTS);
  }

  function memberships(call: Call): JsonObject {
    allowOptions(call, ['$top', '$skiptoken', '$select']);
    const person = personOf(people, call);
    const items = membershipsOf(person).map((one) => {
      const type = {
        '@odata.type': `#microsoft.graph.${one.kind}`,
        id: one.id,
        displayName: one.displayName,
      };
      const entry =
        one.kind === 'group' ? { ...type, isAssignableToRole: one.isAssignableToRole || null } : type;
      return call.query.has('$select') ? select(entry, call, []) : entry;
    });
    return page(items, call, `${root()}/users/${person.id}/memberOf`, maxPageSize);
  }

  /** "directoryObject: checkMemberGroups": transitive, at most 20 groups, and unknown ones are left out of the answer. */
  function checkMemberGroups(call: Call): JsonObject {
    allowOptions(call, []);
    const person = personOf(people, call);
    const { groupIds, ...others } = jsonBody(call);
    if (!isTextList(groupIds) || groupIds.length > 20 || Object.keys(others).length > 0)
      throw badRequest('groupIds must be a list of at most 20 ids, and nothing else is taken.');
    const mine = new Set(groupsOf(membershipsOf(person)).map((one) => one.id));
    return {
      '@odata.context': `${root()}/$metadata#Collection(Edm.String)`,
      value: groupIds.filter((id) => mine.has(id.toLowerCase())),
    };
  }

  function update(call: Call): void {
    const person = personOf(people, call);
    const { accountEnabled, passwordProfile, ...others } = jsonBody(call);
    if (Object.keys(others).length > 0 || (accountEnabled === undefined) === (passwordProfile === undefined))
      throw badRequest(
        'Only accountEnabled or passwordProfile can be changed in the sandbox, each by itself.',
      );
    // Whatever an application is allowed to: administrators take a directory role that is higher than theirs.
    if (isAdministrator(person)) throw denied();
    if (passwordProfile !== undefined) state.setMustChangePassword(person.id, mustChange(passwordProfile));
    else if (typeof accountEnabled === 'boolean') state.setEnabled(person.id, accountEnabled);
    else throw badRequest('accountEnabled is true or false.');
  }

  /** Nobody lists the whole company: without $search it is refused. */
  function list(call: Call): JsonObject {
    allowOptions(call, ['$search', '$filter', '$count', '$select', '$top', '$skiptoken']);
    const isSought = searchOf(call);
    const filter = call.query.get('$filter');
    if (filter !== null && filter !== 'accountEnabled eq true')
      throw badRequest(`Invalid filter clause: ${filter}`);
    const found = people
      .filter(isSought)
      .filter(({ id }) => filter === null || state.account(id).accountEnabled)
      .map((person) => select(withoutContext(entity(person)), call, DEFAULTS));
    return { '@odata.count': found.length, ...page(found, call, `${root()}/users`, maxPageSize) };
  }

  return [
    ['GET', '/v1.0/users', (call) => ({ status: 200, body: list(call) })],
    [
      'GET',
      '/v1.0/users/:user',
      (call) => {
        allowOptions(call, ['$select']);
        return { status: 200, body: select(entity(personOf(people, call)), call, DEFAULTS) };
      },
    ],
    [
      'PATCH',
      '/v1.0/users/:user',
      (call) => {
        update(call);
        return { status: 204 };
      },
    ],
    ['GET', '/v1.0/users/:user/manager', (call) => ({ status: 200, body: manager(call) })],
    ['GET', '/v1.0/users/:user/memberOf', (call) => ({ status: 200, body: memberships(call) })],
    [
      'POST',
      '/v1.0/users/:user/checkMemberGroups',
      (call) => ({ status: 200, body: checkMemberGroups(call) }),
    ],
    [
      'POST',
      '/v1.0/users/:user/revokeSignInSessions',
      (call) => {
        state.revokeSessions(personOf(people, call).id);
        return { status: 200, body: { '@odata.context': `${root()}/$metadata#Edm.Boolean`, value: true } };
      },
    ],
  ];
}
