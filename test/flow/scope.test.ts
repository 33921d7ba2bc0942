// Whom a policy looks at, through the service's own doors: groups are asked of Graph, and whoever is left out asks nobody.
import assert from 'node:assert/strict';
import { groups, people } from '../../src/sandbox/people.ts';
import { allEnglish } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const POLICY = 'aws-cloudtrail-config-changes';
const ROLE =
  'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Developer_0123456789abcdef';

describe('the scope of a policy', function () {
  this.timeout(60_000);
  let world: TestWorld;
  afterEach(() => world.close());
  const start = async (scope: Readonly<Record<string, unknown>>): Promise<void> => {
    world = await startWorld({
      settings: { detection: { policies: { [POLICY]: scope } } },
      waits: { backOff: () => 20 },
    });
  };
  const groupChecks = () =>
    world.sandbox.graph.requests.filter((one) => one.path.includes('checkMemberGroups')).length;

  it('leaves out the members of a group, nested ones too: closed with the reason, and nobody is asked', async () => {
    await start({ except: { groups: [groups.commercial.id] } });
    const ref = refOf(await world.fire('trail-stopped'));
    const about = await world.untilState(ref, 'closed');
    await world.untilIdle();

    assert.match(allEnglish(about.outcome).join(), /leave Alex Weber out of what this policy looks at/);
    assert.equal(about.question, null);
    assert.deepEqual(await world.trail(ref), ['case.opened', 'case.out-of-scope']);
    assert.deepEqual(await world.messages(MORGAN), []);
  });

  it('counts what they do again, and looks nobody up for it', async () => {
    await start({ except: { groups: [groups.commercial.id] } });
    const ref = refOf(await world.fire('trail-stopped'));
    await world.untilState(ref, 'closed');
    const before = groupChecks();

    const again = refOf(await world.fire('trail-stopped'));
    await world.untilIdle();

    assert.equal(again, ref);
    const about = await world.theCase(ref);
    assert.deepEqual([about.state, about.seen, about.repeats], ['closed', 2, 1]);
    assert.equal(groupChecks(), before);
  });

  it('asks about them again once the settings leave nobody out', async () => {
    await start({ except: { groups: [groups.commercial.id] } });
    const ref = refOf(await world.fire('trail-stopped'));
    await world.untilState(ref, 'closed');
    world.changeSettings({ detection: {} });
    await world.restart();

    const next = refOf(await world.fire('trail-stopped'));

    await world.cardFor(MORGAN, next);
    assert.notEqual(next, ref);
  });

  it('asks about the members of a group where it is only about them', async () => {
    await start({ only: { groups: [groups.sales.id] } });

    await world.cardFor(MORGAN, refOf(await world.fire('trail-stopped')));
  });

  it('asks about whoever has the name that it is only about, by whichever name', async () => {
    await start({ only: { users: [people.alex.id] } });

    await world.cardFor(MORGAN, refOf(await world.fire('trail-stopped')));
    assert.equal(groupChecks(), 0);
  });

  it('opens nothing where the record alone says that it is out', async () => {
    await start({ except: { users: [ROLE] } });
    const fired = await world.fire('trail-stopped');

    assert.equal(
      (fired.answer as { alerts: { outcome: string; case: null }[] }).alerts[0]?.outcome,
      'recorded',
    );
    assert.deepEqual(await world.store.listCases(), []);
  });

  it('waits for Graph while it is away, and then says the same', async () => {
    await start({ except: { groups: [groups.commercial.id] } });
    world.sandbox.graph.faults.add({
      path: /checkMemberGroups$/,
      answer: { kind: 'status', status: 503 },
      times: 3,
    });
    const ref = refOf(await world.fire('trail-stopped'));
    await until('Graph to be asked in vain', async () => groupChecks() > 0);

    await world.untilState(ref, 'closed');

    assert.ok(groupChecks() > 3);
    assert.deepEqual(await world.messages(MORGAN), []);
  });

  for (const [how, scope] of [
    ['by name', { users: [people.alex.userPrincipalName] }],
    ['by group', { groups: [groups.commercial.id] }],
  ] as const)
    it(`asks through a broader policy about whom a narrower one leaves out ${how}`, async () => {
      world = await startWorld({
        settings: { detection: { policies: { 'aws-s3-bucket-public': { except: scope } } } },
        waits: { backOff: () => 20 },
      });
      await world.fire('bucket-public');
      await world.untilIdle();

      const states = (await world.store.listCases()).map(({ policy, state }) => [policy.id, state]);
      assert.deepEqual(
        states.filter(([, state]) => state === 'asking'),
        [['aws-s3-config-changes', 'asking']],
      );
    });
});
