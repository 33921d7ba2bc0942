// Apps of the made-up tenant and what people allowed them: service principals, delegated grants, app role assignments.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../case/json.ts';
import type { Person } from '../people.ts';
import type { Grant, RoleAssignment, ServicePrincipal } from '../tenant.ts';
import { allowOptions, equalities, page, select } from './odata.ts';
import { badRequest, type Call, GraphFault, jsonBody, notFound, type Reply, type Route } from './reply.ts';
import type { State } from './state.ts';
import { personOf } from './users.ts';

export interface ConsentsOptions {
  readonly people: readonly Person[];
  readonly apps: readonly ServicePrincipal[];
  readonly state: State;
  readonly root: () => string;
  readonly maxPageSize: number;
}

const BY_APP_ID = /^servicePrincipals\(appId='([0-9a-f-]{36})'\)$/i;
/** As Entra does: an id says what it is of. */
const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('base64url');

export function consentRoutes({ people, apps, state, root, maxPageSize }: ConsentsOptions): Route[] {
  const { tenant } = state;
  const known = (id: string): boolean => apps.some((one) => one.id === id);

  function servicePrincipal(call: Call): JsonObject {
    allowOptions(call, ['$select']);
    const appId = BY_APP_ID.exec(call.params.entity ?? '')?.[1]?.toLowerCase();
    const app = apps.find((one) => one.appId === appId);
    if (!app) throw notFound(call.params.entity ?? '');
    return select({ ...app }, call, ['id', 'appId', 'displayName']);
  }

  function listGrants(call: Call): JsonObject {
    allowOptions(call, ['$filter', '$top', '$skiptoken']);
    const wanted = equalities(call, ['clientId', 'consentType', 'principalId', 'resourceId']);
    const found = tenant
      .grants()
      .map((grant): JsonObject => ({ ...grant }))
      .filter((grant) =>
        Object.entries(wanted).every(([name, value]) => String(grant[name]).toLowerCase() === value),
      );
    return page(found, call, `${root()}/oauth2PermissionGrants`, maxPageSize);
  }

  function addGrant(call: Call): Reply {
    const { clientId, consentType, principalId, resourceId, scope, ...others } = jsonBody(call);
    if (consentType !== 'Principal' || typeof scope !== 'string' || Object.keys(others).length > 0)
      throw badRequest('The sandbox takes grants of one person only.');
    const [client, principal, resource] = [String(clientId), String(principalId), String(resourceId)];
    if (!known(client) || !known(resource) || !people.some((one) => one.id === principal))
      throw badRequest('A client, a resource or a principal of the grant does not exist.');
    const grant: Grant = {
      id: idOf(client, resource, principal),
      clientId: client,
      consentType,
      principalId: principal,
      resourceId: resource,
      scope,
    };
    const twin = tenant
      .grants()
      .some((one) => one.clientId === client && one.resourceId === resource && one.principalId === principal);
    if (twin)
      throw new GraphFault(
        409,
        'Request_MultipleObjectsWithSameKeyValue',
        'Permission entry already exists.',
      );
    tenant.setGrants([...tenant.grants(), grant]);
    return { status: 201, body: { ...grant } };
  }

  function removeGrant({ params: { grant = '' } }: Call): Reply {
    const left = tenant.grants().filter((one) => one.id !== grant);
    if (left.length === tenant.grants().length) throw notFound(grant);
    tenant.setGrants(left);
    return { status: 204 };
  }

  /** With what the groups were given that the person is directly in. */
  function listRoles(call: Call): JsonObject {
    allowOptions(call, ['$filter', '$top', '$skiptoken']);
    const person = personOf(people, call);
    const { resourceId } = equalities(call, ['resourceId'], { quoted: false });
    const holders = [person.id, ...tenant.groupIds(person.id)];
    const found = tenant
      .roleAssignments()
      .filter((one) => holders.includes(one.principalId) && one.resourceId === resourceId)
      .map((one): JsonObject => ({ ...one }));
    return page(found, call, `${root()}/users/${person.id}/appRoleAssignments`, maxPageSize);
  }

  /** What an app holds by itself. */
  function listOwnRoles(call: Call): JsonObject {
    allowOptions(call, ['$top', '$skiptoken']);
    const id = (call.params.principal ?? '').toLowerCase();
    if (!known(id)) throw notFound(id);
    const found = tenant
      .roleAssignments()
      .filter((one) => one.principalId === id)
      .map((one): JsonObject => ({ ...one }));
    return page(found, call, `${root()}/servicePrincipals/${id}/appRoleAssignments`, maxPageSize);
  }

  function addRole(call: Call): Reply {
    const person = personOf(people, call);
    const { principalId, resourceId, appRoleId, ...others } = jsonBody(call);
    const [resource, role] = [String(resourceId), String(appRoleId)];
    if (principalId !== person.id || !known(resource) || Object.keys(others).length > 0)
      throw badRequest('Not a valid reference update.');
    const same = tenant
      .roleAssignments()
      .some((one) => one.principalId === person.id && one.resourceId === resource && one.appRoleId === role);
    if (same) throw badRequest('Permission being assigned already exists on the object');
    const added: RoleAssignment = {
      id: idOf(person.id, resource, role),
      appRoleId: role,
      principalId: person.id,
      principalType: 'User',
      resourceId: resource,
    };
    tenant.setRoleAssignments([...tenant.roleAssignments(), added]);
    return { status: 201, body: { ...added } };
  }

  function removeRole(call: Call): Reply {
    const person = personOf(people, call);
    const all = tenant.roleAssignments();
    const left = all.filter((one) => one.id !== call.params.role || one.principalId !== person.id);
    if (left.length === all.length) throw notFound(call.params.role ?? '');
    tenant.setRoleAssignments(left);
    return { status: 204 };
  }

  return [
    ['GET', '/v1.0/oauth2PermissionGrants', (call) => ({ status: 200, body: listGrants(call) })],
    ['POST', '/v1.0/oauth2PermissionGrants', addGrant],
    ['DELETE', '/v1.0/oauth2PermissionGrants/:grant', removeGrant],
    ['GET', '/v1.0/users/:user/appRoleAssignments', (call) => ({ status: 200, body: listRoles(call) })],
    ['POST', '/v1.0/users/:user/appRoleAssignments', addRole],
    ['DELETE', '/v1.0/users/:user/appRoleAssignments/:role', removeRole],
    [
      'GET',
      '/v1.0/servicePrincipals/:principal/appRoleAssignments',
      (call) => ({ status: 200, body: listOwnRoles(call) }),
    ],
    // Last of its shape: the router knows no parameters inside a segment.
    ['GET', '/v1.0/:entity', (call) => ({ status: 200, body: servicePrincipal(call) })],
  ];
}
