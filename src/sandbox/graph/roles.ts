// Directory roles of the made-up tenant beyond memberships: those over a part of the directory, and those that somebody may take on
// (Privileged Identity Management), which takes the licence.
import type { JsonObject } from '../../case/json.ts';
import type { RoleHolding } from '../tenant.ts';
import { allowOptions, equalsFilter, page } from './odata.ts';
import { type Call, GraphFault, type Route } from './reply.ts';

export interface RolesOptions {
  readonly assigned: readonly RoleHolding[];
  readonly eligible: readonly RoleHolding[];
  readonly root: () => string;
  readonly maxPageSize: number;
  /** Entra ID P2. */
  readonly licensed: boolean;
}

export function roleRoutes({ assigned, eligible, root, maxPageSize, licensed }: RolesOptions): Route[] {
  function list(call: Call, name: string, holdings: readonly RoleHolding[]): JsonObject {
    allowOptions(call, ['$filter', '$skiptoken']);
    const principal = equalsFilter(call, 'principalId');
    const found = holdings.filter(({ principalId }) => principal === null || principalId === principal);
    const items = found.map((one): JsonObject => ({ ...one }));
    return page(items, call, `${root()}/roleManagement/directory/${name}`, maxPageSize);
  }

  return [
    [
      'GET',
      '/v1.0/roleManagement/directory/roleAssignments',
      (call) => ({ status: 200, body: list(call, 'roleAssignments', assigned) }),
    ],
    [
      'GET',
      '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances',
      (call) => {
        if (!licensed)
          throw new GraphFault(
            400,
            'AadPremiumLicenseRequired',
            'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.',
          );
        return { status: 200, body: list(call, 'roleEligibilityScheduleInstances', eligible) };
      },
    ],
  ];
}
