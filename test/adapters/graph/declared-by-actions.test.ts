// What each action on users declares is what its own requests cost: no request beyond it, and no permission that nothing asks for.
import assert from 'node:assert/strict';
import { createGraphAppInstaller } from '../../../src/adapters/graph/app-installer.ts';
import type { GraphCall, GraphClient } from '../../../src/adapters/graph/client.ts';
import { createGraphConsents } from '../../../src/adapters/graph/consents.ts';
import { createGraphDirectory } from '../../../src/adapters/graph/directory.ts';
import { createGraphGroups } from '../../../src/adapters/graph/groups.ts';
import { createGraphMailer } from '../../../src/adapters/graph/mailer.ts';
import { createGraphOnPremisesAccounts } from '../../../src/adapters/graph/on-premises-accounts.ts';
import { GRAPH_PERMISSIONS } from '../../../src/adapters/graph/permissions.ts';
import { createGraphRiskRegister } from '../../../src/adapters/graph/risk-register.ts';
import { isCountersignError } from '../../../src/case/errors.ts';
import type { CaseId, RunId } from '../../../src/case/ids.ts';
import type { Target, UserTarget } from '../../../src/case/target.ts';
import type { GovernanceAction, World as GovernWorld } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import { groups, people, TEAMS_APP_EXTERNAL_ID } from '../../../src/sandbox/people.ts';
import { apps } from '../../../src/sandbox/tenant.ts';
import { settings } from '../../helpers/cases.ts';
import { createFakeWorld, worldOf } from '../../helpers/fake-world.ts';
import { startWorld, type World } from './start.ts';

const { alex, grace, yuki } = people;
const user = ({ id, displayName }: typeof alex): UserTarget => ({ kind: 'user', id, label: displayName });
const MEMBERSHIP = {
  kind: 'membership',
  user: alex.id,
  userLabel: alex.displayName,
  group: groups.sales.id,
  label: groups.sales.displayName,
} as const satisfies Target;
const GRANT = {
  kind: 'app-grant',
  user: alex.id,
  userLabel: alex.displayName,
  app: apps.pdfWizard.appId,
  label: apps.pdfWizard.displayName,
} as const satisfies Target;
/** A cloud account, and one that on-premises AD owns: between them they go every way that an action has. */
const TARGETS: Readonly<Partial<Record<Target['kind'], readonly Target[]>>> = {
  user: [user(alex), user(grace)],
  membership: [MEMBERSHIP],
  'app-grant': [GRANT],
};
const SUBJECT = { id: alex.id, name: alex.displayName, userPrincipalName: alex.userPrincipalName };
const AIMS = {
  subject: SUBJECT,
  targets: [
    { kind: 'group', id: groups.sales.id, label: 'Sales' },
    { kind: 'app', id: apps.pdfWizard.appId, label: 'PDF Wizard Pro' },
  ],
} as const;
const USER_ACTIONS = [...ACTIONS.values()].filter(({ id }) => id.startsWith('entra.'));

describe('the permissions that an action on users declares', () => {
  let graph: World;
  beforeEach(async () => {
    graph = await startWorld({ riskPaceMs: 0 });
  });
  afterEach(() => graph.stop());

  function record(): { readonly world: GovernWorld; readonly used: Set<string> } {
    const used = new Set<string>();
    const client: GraphClient = {
      ...graph.client,
      call(call: GraphCall) {
        for (const permission of call.permissions) if (permission in GRAPH_PERMISSIONS) used.add(permission);
        return graph.client.call(call);
      },
    };
    const mailer = createGraphMailer(client, yuki.userPrincipalName);
    const installer = createGraphAppInstaller(client, {
      appExternalId: TEAMS_APP_EXTERNAL_ID,
      serviceUrl: 'https://teams.example',
    });
    const world = worldOf(createFakeWorld(), {
      directory: createGraphDirectory(client),
      groups: createGraphGroups(client),
      risk: createGraphRiskRegister(client, { everyMs: 0 }),
      consents: createGraphConsents(client, []),
      onPremises: createGraphOnPremisesAccounts(client),
      notices: {
        reach: async () => 'mail',
        async ask(_about, person) {
          await installer.openChat(person);
          return mailer.send({ to: alex.mail, subject: 'Was this you?', text: 'Was it?' });
        },
        asked: async () => null,
      },
      settings: { ...settings, users: { ...settings.users, restrictDownloadsGroup: groups.noDownloads.id } },
    });
    return { world, used };
  }

  /** All that an action ever asks, whatever it makes of the answers: refusals are answers. */
  async function goThrough(action: GovernanceAction, target: Target, world: GovernWorld): Promise<void> {
    const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | null> =>
      work().catch((error: unknown) => {
        if (isCountersignError(error)) return null;
        throw error;
      });
    const note = async (): Promise<void> => {};
    await attempt(() => action.find(AIMS, world));
    const before = await attempt(() => action.read(target, world));
    if (!before) return;
    const task = { key: 'run' as RunId, caseId: 'case' as CaseId, caseRef: 'K7M2PQRS', target, before };
    await attempt(() => action.execute(task, world, note));
    await attempt(() => action.verify(task, world));
    const after = await attempt(() => action.read(target, world));
    if (!action.revert || !after) return;
    await attempt(async () => action.revert?.execute({ ...task, after }, world, note));
    await attempt(async () => action.revert?.verify({ ...task, after }, world));
  }

  for (const action of USER_ACTIONS)
    it(`are the ones that its requests need, and no others: ${action.id}`, async () => {
      const { world, used } = record();

      for (const target of TARGETS[action.targetKind] ?? []) await goThrough(action, target, world);

      assert.deepEqual([...used].sort(), [...new Set(action.permissions.graph)].sort());
    });
});
