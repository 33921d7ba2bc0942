import assert from 'node:assert/strict';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import { refuseWideDelete } from '../../../src/adapters/graph/deletable.ts';
import { createGraphGroups } from '../../../src/adapters/graph/groups.ts';
import type { UserId } from '../../../src/case/ids.ts';
import type { Groups } from '../../../src/ports/groups.ts';
import { groups, people } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111' as UserId;
const NO_GROUP = '22222222-2222-4222-8222-222222222222';

describe('groups through Graph', () => {
  let world: World;
  let inGroups: Groups;
  before(async () => {
    world = await startWorld({ maxPageSize: 1 });
    inGroups = createGraphGroups(world.client);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  describe('are found and', () => {
    const plain = { dynamic: false, synced: false, roleAssignable: false };
    for (const [what, group, facts] of [
      ['a plain one', groups.sales, plain],
      ['one whose members a rule decides', groups.allStaff, { ...plain, dynamic: true }],
      ['one of on-premises AD', groups.branchOffices, { ...plain, synced: true }],
      ['one of Exchange', groups.priceLists, { ...plain, ofExchange: true }],
      ['a Microsoft 365 group, mailbox and all', groups.springCampaign, plain],
      ['one that gives roles', groups.helpdeskAdmins, { ...plain, roleAssignable: true }],
    ] as const)
      it(`tell what they are: ${what}`, async () => {
        const { id, displayName } = group;

        assert.deepEqual(await inGroups.find(id), { id, displayName, ...facts });
      });

    it('are null where there is none', async () => {
      assert.equal(await inGroups.find(NO_GROUP), null);
    });

    it('have names without quotes: they stand in quotes inside our sentences, and anybody may have made the group', async () => {
      const body = {
        ...{ id: NO_GROUP, displayName: 'Team"; press "Expected', groupTypes: [], mailEnabled: false },
        isAssignableToRole: null,
      };
      const client: GraphClient = {
        baseUrl: 'https://graph.microsoft.com',
        call: async () => ({ status: 200, body, requestId: 'r' }),
      };

      const group = await createGraphGroups(client).find(NO_GROUP);

      assert.equal(group?.displayName, "Team'; press 'Expected");
    });

    it('fail when Graph hides whether one gives roles', async () => {
      const body = { id: NO_GROUP, displayName: 'x', groupTypes: [], mailEnabled: false };
      const client: GraphClient = {
        baseUrl: 'https://graph.microsoft.com',
        call: async () => ({ status: 200, body, requestId: 'r' }),
      };

      const error = await failureOf(createGraphGroups(client).find(NO_GROUP));

      assert.equal(error.code, 'graph.unexpected');
      assert.match(error.message, /isAssignableToRole/);
    });
  });

  describe('have members and', () => {
    it('know them in whatever letter case Graph writes the id', async () => {
      const id = groups.sales.id.toLowerCase();
      const client: GraphClient = {
        baseUrl: 'https://graph.microsoft.com',
        call: async () => ({ status: 200, body: { value: [{ id: id.toUpperCase() }] }, requestId: 'r' }),
      };

      assert.equal(await createGraphGroups(client).hasDirectMember(id, people.alex.id), true);
    });

    it('know the direct ones only, on whatever page they are', async () => {
      assert.equal(await inGroups.hasDirectMember(groups.sales.id, people.alex.id), true);
      assert.equal(await inGroups.hasDirectMember(groups.sales.id.toUpperCase(), people.alex.id), true);
      assert.equal(await inGroups.hasDirectMember(groups.commercial.id, people.alex.id), false);
      assert.equal(await inGroups.hasDirectMember(groups.sales.id, people.lee.id), false);
    });

    it('take one in, once or twice', async () => {
      const first = await inGroups.addMember(groups.noDownloads.id, people.lee.id);
      const again = await inGroups.addMember(groups.noDownloads.id, people.lee.id);

      assert.ok(first.requestId && again.requestId && first.requestId !== again.requestId);
      assert.equal(await inGroups.hasDirectMember(groups.noDownloads.id, people.lee.id), true);
    });

    it('let one go, once or twice, and leave the account alone', async () => {
      await inGroups.addMember(groups.noDownloads.id, people.jonas.id);

      const first = await inGroups.removeMember(groups.noDownloads.id, people.jonas.id);
      const again = await inGroups.removeMember(groups.noDownloads.id, people.jonas.id);

      assert.ok(first.requestId && again.requestId);
      assert.equal(await inGroups.hasDirectMember(groups.noDownloads.id, people.jonas.id), false);
      assert.equal((await inGroups.find(groups.noDownloads.id))?.displayName, 'No downloads');
    });

    it('are gone with their group: that is no membership that was taken away', async () => {
      const error = await failureOf(inGroups.removeMember(NO_GROUP, people.lee.id));

      assert.equal(error.code, 'graph.not-found');
      assert.equal(english(error.say), 'There is no such group.');
    });

    it('cannot be added to no group, nor nobody to one', async () => {
      for (const [group, user] of [
        [NO_GROUP, people.lee.id],
        [groups.sales.id, NOBODY],
      ] as const) {
        const error = await failureOf(inGroups.addMember(group, user));

        assert.equal(error.code, 'graph.not-found');
        assert.match(english(error.say), /no such group, or no such account\./);
      }
    });

    for (const [what, group, member, code] of [
      ['a rule decides', groups.allStaff, people.lee, 'graph.forbidden'],
      ['roles come with it', groups.helpdeskAdmins, people.hana, 'graph.forbidden'],
      ['on-premises AD owns it', groups.branchOffices, people.grace, 'graph.refused'],
      ['Exchange owns it', groups.priceLists, people.mia, 'graph.refused'],
    ] as const)
      it(`cannot be changed where ${what}, and no other 400 passes for "already in it"`, async () => {
        assert.equal((await failureOf(inGroups.addMember(group.id, people.sam.id))).code, code);
        assert.equal((await failureOf(inGroups.removeMember(group.id, member.id))).code, code);
        assert.equal(await inGroups.hasDirectMember(group.id, member.id), true);
      });
  });

  describe('lose members by a request that', () => {
    it('ends in $ref, with the ids of group and user each in one segment', async () => {
      const hostile = `${people.alex.id}?x=/$ref` as UserId;
      await inGroups.removeMember(groups.noDownloads.id, people.alex.id);
      await inGroups.removeMember(groups.noDownloads.id, hostile);

      const sent = world.graph.requests.filter((one) => one.method === 'DELETE').slice(-2);
      for (const { path } of sent)
        assert.match(path, /^\/v1\.0\/groups\/[0-9a-f-]+\/members\/[^/?#]+\/\$ref$/);
    });

    const user = people.alex.id;
    const group = groups.sales.id;
    for (const path of [
      `/groups/${group}/members/${user}`,
      `/groups/${group}/members/${user}/`,
      `/groups/${group}/members/${user}?x=/$ref`,
      `/groups/${group}/members/${user}#/$ref`,
      `/groups/${group}/members/x/${user}/$ref`,
      `/groups/${group}/members/${user}/$ref/`,
      `/groups/${group}`,
      `/users/${user}`,
      `/users/${user}/manager/$ref`,
      '/oauth2PermissionGrants',
      '/oauth2PermissionGrants/',
      `/servicePrincipals/${group}`,
      `https://graph.microsoft.com/v1.0/users/${user}`,
      `https://graph.microsoft.com/v1.0/groups/${group}/members/${user}/$ref`,
    ])
      it(`never is DELETE ${path}`, async () => {
        const before = world.graph.requests.length;

        const error = await failureOf(world.unwatched.call({ method: 'DELETE', path, permissions: [] }));

        assert.equal(error.code, 'graph.delete-refused');
        assert.equal(world.graph.requests.length, before);
      });

    it('may be of a membership, a grant or a role assignment', () => {
      refuseWideDelete(`/groups/${group}/members/${user}/$ref`);
      refuseWideDelete('/oauth2PermissionGrants/AVs6JuUDjkCFV7q2gd8QTOQDNpSH5');
      refuseWideDelete(`/users/${user}/appRoleAssignments/thl37H19jE2s0c-LIHQi`);
    });
  });

  const { id: sales } = groups.sales;
  const { id: nils } = people.nils;
  const write = 'GroupMember.ReadWrite.All';
  itMeetsTrouble(
    () => world,
    [
      {
        name: 'find',
        method: 'GET',
        path: /\/groups\//,
        permission: 'GroupMember.Read.All',
        call: () => inGroups.find(sales),
      },
      {
        name: 'hasDirectMember',
        method: 'GET',
        path: /\/memberOf$/,
        permission: 'Directory.Read.All',
        call: () => inGroups.hasDirectMember(sales, nils),
      },
      {
        name: 'addMember',
        method: 'POST',
        path: /\/members\/\$ref$/,
        permission: write,
        call: () => inGroups.addMember(sales, nils),
      },
      {
        name: 'removeMember',
        method: 'DELETE',
        path: /\/members\//,
        permission: write,
        call: () => inGroups.removeMember(sales, nils),
      },
    ],
  );
});
