import assert from 'node:assert/strict';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import { holdsRole } from '../../../src/adapters/graph/roles.ts';
import { people } from '../../../src/sandbox/people.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const ASSIGNED = /\/roleAssignments$/;
const ELIGIBLE = /\/roleEligibilityScheduleInstances$/;

describe('directory roles through Graph', () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  it('are held by membership, and over a part of the directory, which no membership shows', async () => {
    for (const { id } of [people.ravi, people.hana, people.otto])
      assert.equal(await holdsRole(world.client, id), true);
    assert.equal(await holdsRole(world.client, people.alex.id), false);
  });

  it('count for whoever may take one on at any moment', async () => {
    assert.equal(await holdsRole(world.client, people.ben.id), true);
  });

  it('are theirs alone, even if Graph answers more than was asked for', async () => {
    const wide: GraphClient = {
      ...world.client,
      call: async (call) =>
        ASSIGNED.test(call.path) || ELIGIBLE.test(call.path)
          ? { status: 200, body: { value: [{ id: 'x', principalId: people.otto.id }] }, requestId: 'r' }
          : world.client.call(call),
    };

    assert.equal(await holdsRole(wide, people.alex.id), false);
    assert.equal(await holdsRole(wide, people.otto.id), true);
  });

  it('can be taken on by nobody in a tenant without the licence', async () => {
    const poor = await startWorld({ licences: { entraP2: false } });
    try {
      assert.equal(await holdsRole(poor.client, people.ben.id), false);
      assert.equal(await holdsRole(poor.client, people.otto.id), true);
    } finally {
      await poor.stop();
    }
  });

  it('are unknown, not absent, where Graph refuses to tell for any other reason', async () => {
    for (const [path, status] of [
      [ELIGIBLE, 400],
      [ELIGIBLE, 404],
      [ASSIGNED, 400],
    ] as const) {
      world.graph.faults.add({ path, answer: { kind: 'status', status, code: 'BadRequest' } });

      assert.match((await failureOf(holdsRole(world.client, people.alex.id))).code, /^graph\./);
    }
  });

  itMeetsTrouble(
    () => world,
    [
      {
        name: 'assigned',
        method: 'GET',
        path: ASSIGNED,
        permission: 'Directory.Read.All',
        call: () => holdsRole(world.client, people.alex.id),
      },
      {
        name: 'eligible',
        method: 'GET',
        path: ELIGIBLE,
        permission: 'RoleEligibilitySchedule.Read.Directory',
        call: () => holdsRole(world.client, people.alex.id),
      },
    ],
  );
});
