import assert from 'node:assert/strict';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import { createGraphConsents } from '../../../src/adapters/graph/consents.ts';
import type { UserId } from '../../../src/case/ids.ts';
import type { Consents } from '../../../src/ports/consents.ts';
import { people } from '../../../src/sandbox/people.ts';
import { apps } from '../../../src/sandbox/tenant.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111' as UserId;
const { pdfWizard, expenses, microsoftGraph } = apps;
const DEFAULT_ROLE = '00000000-0000-0000-0000-000000000000';

const answering = (body: unknown): GraphClient => ({
  baseUrl: 'https://graph.microsoft.com',
  call: async () => ({ status: 200, body, requestId: 'r' }),
});

describe('consents through Graph', () => {
  let world: World;
  let consents: Consents;
  before(async () => {
    world = await startWorld({ maxPageSize: 1 });
    consents = createGraphConsents(world.client, []);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  describe('know the app and', () => {
    it('answer its service principal, in any letter case', async () => {
      const app = { id: pdfWizard.id, displayName: 'PDF Wizard Pro' };

      assert.deepEqual(await consents.findApp(pdfWizard.appId), app);
      assert.deepEqual(await consents.findApp(pdfWizard.appId.toUpperCase()), app);
    });

    it('say of their own that it is Countersign, in any letter case', async () => {
      const ours = createGraphConsents(world.client, [NOBODY, pdfWizard.appId.toUpperCase()]);

      assert.equal((await ours.findApp(pdfWizard.appId))?.ours, true);
      assert.equal((await ours.findApp(expenses.appId))?.ours, undefined);
    });

    it('count the permissions that it holds by itself, and not that it was assigned without one', async () => {
      assert.equal(await consents.ownPermissions(expenses.id), 1);
      assert.equal(await consents.ownPermissions(pdfWizard.id), 0);
    });

    it('answer its name without quotes: it stands in quotes inside our sentences, and its maker chose it', async () => {
      const body = { id: pdfWizard.id, displayName: 'PDF"; it is verified' };

      const app = await createGraphConsents(answering(body), []).findApp(pdfWizard.appId);

      assert.equal(app?.displayName, "PDF'; it is verified");
    });

    it('answer null for one that the tenant does not have, and for what no app can be called', async () => {
      const before = world.graph.requests.length;
      assert.equal(await consents.findApp(NOBODY), null);
      assert.equal(world.graph.requests.length, before + 1);

      for (const text of ['', 'x', "')/delete", `${pdfWizard.appId}')/owners`])
        assert.equal(await consents.findApp(text), null);

      assert.equal(world.graph.requests.length, before + 1);
    });
  });

  describe('of one person', () => {
    it('are theirs alone', async () => {
      const [grant, ...others] = await consents.delegatedGrants(people.alex.id, pdfWizard.id);

      assert.deepEqual(others, []);
      assert.equal(grant?.resource, microsoftGraph.id);
      assert.equal(grant?.scope, 'Mail.Read Files.Read.All offline_access');
      assert.deepEqual(await consents.delegatedGrants(people.jonas.id, pdfWizard.id), []);
    });

    it('are theirs alone, even if Graph answers more than was asked for', async () => {
      const grant = { id: 'g', clientId: pdfWizard.id, resourceId: microsoftGraph.id, scope: 'Mail.Read' };
      const { id: theirs } = people.alex;
      const value = [
        { ...grant, consentType: 'AllPrincipals', principalId: null },
        { ...grant, consentType: 'AllPrincipals', principalId: theirs },
        { ...grant, consentType: 'Principal', principalId: people.lee.id },
        { ...grant, id: 'own', consentType: 'Principal', principalId: theirs.toUpperCase() },
      ];
      const wide = createGraphConsents(answering({ value }), []);

      const found = await wide.delegatedGrants(theirs, pdfWizard.id);

      assert.deepEqual(
        found.map(({ id }) => id),
        ['own'],
      );
    });

    it('are nobody’s but theirs: what one person allowed is not allowed for everybody', async () => {
      const grant = { id: 'g', resourceId: microsoftGraph.id, scope: 'User.Read' };
      const value = [{ ...grant, consentType: 'Principal', principalId: people.lee.id }];
      const wide = createGraphConsents(answering({ value }), []);

      assert.equal(await wide.isAllowedForEverybody(pdfWizard.id), false);
    });

    it('are none where an administrator consented for everybody, and that is said', async () => {
      assert.deepEqual(await consents.delegatedGrants(people.alex.id, expenses.id), []);
      assert.equal(await consents.isAllowedForEverybody(expenses.id), true);
      assert.equal(await consents.isAllowedForEverybody(pdfWizard.id), false);
    });

    it('are taken back, once or twice, and given again as they were', async () => {
      const [grant] = await consents.delegatedGrants(people.lee.id, pdfWizard.id);
      assert.ok(grant);

      const first = await consents.removeDelegatedGrant(grant.id);
      const again = await consents.removeDelegatedGrant(grant.id);

      assert.ok(first.requestId && again.requestId);
      assert.deepEqual(await consents.delegatedGrants(people.lee.id, pdfWizard.id), []);
      await consents.addDelegatedGrant(people.lee.id, pdfWizard.id, grant);
      await consents.addDelegatedGrant(people.lee.id, pdfWizard.id, grant);
      const [now, ...others] = await consents.delegatedGrants(people.lee.id, pdfWizard.id);
      assert.deepEqual(others, []);
      assert.deepEqual({ ...now, id: grant.id }, grant);
    });

    it('are not given again over another one that allows less', async () => {
      const resource = microsoftGraph.id;
      await consents.addDelegatedGrant(people.mia.id, pdfWizard.id, { resource, scope: 'User.Read' });

      const error = await failureOf(
        consents.addDelegatedGrant(people.mia.id, pdfWizard.id, { resource, scope: 'User.Read Mail.Read' }),
      );

      assert.equal(error.code, 'graph.conflict');
      assert.equal(english(error.say), 'They have allowed the app something else since.');
    });

    it('are never asked for with an id that could change the filter', async () => {
      const before = world.graph.requests.length;
      for (const id of ["x' or clientId ne '", '', 'x'])
        for (const call of [
          () => consents.delegatedGrants(people.alex.id, id),
          () => consents.delegatedGrants(id as UserId, pdfWizard.id),
          () => consents.isAllowedForEverybody(id),
          () => consents.appRoles(people.alex.id, id),
          () => consents.ownPermissions(id),
        ])
          assert.equal((await failureOf(call())).code, 'graph.bad-id');

      assert.equal(world.graph.requests.length, before);
    });
  });

  describe('in the form of roles', () => {
    it("are the person's own, without those of their groups", async () => {
      const [role, ...others] = await consents.appRoles(people.alex.id, pdfWizard.id);

      assert.deepEqual(others, []);
      assert.equal(role?.resource, pdfWizard.id);
      assert.equal(role?.role, DEFAULT_ROLE);
    });

    it('are taken back, once or twice, and given again, once or twice', async () => {
      const [role] = await consents.appRoles(people.alex.id, pdfWizard.id);
      assert.ok(role);

      await consents.removeAppRole(people.alex.id, role.id);
      await consents.removeAppRole(people.alex.id, role.id);

      assert.deepEqual(await consents.appRoles(people.alex.id, pdfWizard.id), []);
      const first = await consents.addAppRole(people.alex.id, role);
      const again = await consents.addAppRole(people.alex.id, role);
      assert.ok(first.requestId && again.requestId);
      const [now, ...others] = await consents.appRoles(people.alex.id, pdfWizard.id);
      assert.deepEqual(others, []);
      assert.deepEqual({ ...now, id: role.id }, role);
    });

    it('fail for nobody, and no other 400 passes for "there already"', async () => {
      const role = { resource: pdfWizard.id, role: DEFAULT_ROLE };

      assert.equal((await failureOf(consents.appRoles(NOBODY, pdfWizard.id))).code, 'graph.not-found');
      assert.equal((await failureOf(consents.addAppRole(NOBODY, role))).code, 'graph.not-found');
      const error = await failureOf(consents.addAppRole(people.lee.id, { ...role, resource: NOBODY }));
      assert.equal(error.code, 'graph.refused');
    });
  });

  const { id } = people.nils;
  const grant = { resource: microsoftGraph.id, scope: 'User.Read' };
  const role = { resource: pdfWizard.id, role: DEFAULT_ROLE };
  const [read, grants, roles] = [
    'Directory.Read.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'AppRoleAssignment.ReadWrite.All',
  ];
  itMeetsTrouble(
    () => world,
    [
      {
        name: 'findApp',
        method: 'GET',
        path: /servicePrincipals/,
        permission: 'Application.Read.All',
        call: () => consents.findApp(pdfWizard.appId),
      },
      {
        name: 'delegatedGrants',
        method: 'GET',
        path: /oauth2PermissionGrants$/,
        permission: read,
        call: () => consents.delegatedGrants(id, pdfWizard.id),
      },
      {
        name: 'ownPermissions',
        method: 'GET',
        path: /appRoleAssignments$/,
        permission: 'Application.Read.All',
        call: () => consents.ownPermissions(pdfWizard.id),
      },
      {
        name: 'isAllowedForEverybody',
        method: 'GET',
        path: /oauth2PermissionGrants$/,
        permission: read,
        call: () => consents.isAllowedForEverybody(pdfWizard.id),
      },
      {
        name: 'appRoles',
        method: 'GET',
        path: /appRoleAssignments$/,
        permission: read,
        call: () => consents.appRoles(id, pdfWizard.id),
      },
      {
        name: 'removeDelegatedGrant',
        method: 'DELETE',
        path: /oauth2PermissionGrants\//,
        permission: grants,
        call: () => consents.removeDelegatedGrant('AVs6JuUDjkCFV7q2gd8QTO'),
      },
      {
        name: 'addDelegatedGrant',
        method: 'POST',
        path: /oauth2PermissionGrants$/,
        permission: grants,
        call: () => consents.addDelegatedGrant(id, pdfWizard.id, grant),
      },
      {
        name: 'removeAppRole',
        method: 'DELETE',
        path: /appRoleAssignments\//,
        permission: roles,
        call: () => consents.removeAppRole(id, 'thl37H19jE2s0c-LIHQi'),
      },
      {
        name: 'addAppRole',
        method: 'POST',
        path: /appRoleAssignments$/,
        permission: roles,
        call: () => consents.addAppRole(id, role),
      },
    ],
  );
});
