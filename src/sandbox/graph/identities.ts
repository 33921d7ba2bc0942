// Defender for Identity of the made-up tenant: the accounts that it watches in on-premises AD, and what it can do to them there.
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../case/json.ts';
import type { WatchedIdentity } from '../tenant.ts';
import { allowOptions, equalsFilter, page } from './odata.ts';
import { badRequest, type Call, GraphFault, jsonBody, notFound, type Route } from './reply.ts';
import type { State } from './state.ts';

export interface IdentitiesOptions {
  readonly watched: readonly WatchedIdentity[];
  readonly state: State;
  readonly root: () => string;
  readonly maxPageSize: number;
  /** Defender for Identity is set up. */
  readonly licensed: boolean;
}

const ACTIONS = ['disable', 'enable', 'forcePasswordReset'];

export function identityRoutes(options: IdentitiesOptions): Route[] {
  const { watched, state, root, maxPageSize, licensed } = options;
  function needDefender(): void {
    if (!licensed) throw new GraphFault(403, 'Forbidden', 'Your tenant is not licensed for this feature.');
  }

  /** As in the examples of "List identityAccounts": `provider`, and in capitals. */
  const entity = ({ id, account, person }: WatchedIdentity): JsonObject => ({
    id,
    displayName: person.displayName,
    domain: 'corp.contoso.example',
    onPremisesSecurityIdentifier: person.onPremisesSecurityIdentifier,
    isEnabled: state.onPremisesEnabled(person.id),
    accounts: [
      { provider: 'EntraID', identifier: person.id, actions: [] },
      { provider: 'ActiveDirectory', identifier: account, actions: [] },
    ],
  });

  function list(call: Call): JsonObject {
    needDefender();
    allowOptions(call, ['$filter', '$select', '$skiptoken']);
    const sid = equalsFilter(call, 'onPremisesSecurityIdentifier');
    const found = watched.filter(({ person }) => sid === null || person.onPremisesSecurityIdentifier === sid);
    return page(found.map(entity), call, `${root()}/security/identities/identityAccounts`, maxPageSize);
  }

  function invoke(call: Call): JsonObject {
    needDefender();
    const identity = watched.find((one) => one.id === call.params.identity);
    if (!identity) throw notFound(call.params.identity ?? '');
    const { accountId, action, identityProvider, ...others } = jsonBody(call);
    if (
      identityProvider !== 'activeDirectory' ||
      accountId !== identity.account ||
      !ACTIONS.includes(String(action)) ||
      Object.keys(others).length > 0
    )
      throw badRequest('The action is not supported for this account.');
    if (action === 'forcePasswordReset') state.forceOnPremisesPassword(identity.person.id);
    else state.setOnPremisesEnabled(identity.person.id, action === 'enable');
    return {
      value: { accountId, action: String(action), provider: 'activeDirectory', correlationId: randomUUID() },
    };
  }

  return [
    ['GET', '/v1.0/security/identities/identityAccounts', (call) => ({ status: 200, body: list(call) })],
    [
      'POST',
      '/v1.0/security/identities/identityAccounts/:identity/invokeAction',
      (call) => ({ status: 200, body: invoke(call) }),
    ],
  ];
}
