// Through the whole product: what somebody who is being shut out of AWS does against it, and that no proof or undo falls for it.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { statusOf } from '../helpers/aws-callers.ts';
import { allEnglish } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const INVOICE = 'contoso-invoices/invoices-2026.csv';

describe('somebody who is being shut out of AWS', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ waits: { backOff: () => 5 } });
  });
  afterEach(() => world.close());
  const iam = () => world.sandbox.iam.world;
  const policies = () =>
    iam()
      .state()
      .policies.filter((one) => !one.awsManaged);

  it('does not have the key called dead by renaming its user: a person is asked', async () => {
    const ref = refOf(await world.fire('iam-rights'));
    await world.cardFor(MORGAN, ref);
    iam().change((state) => ({
      ...state,
      users: state.users.map((one) => (one.name === 'alex' ? { ...one, name: 'alex2' } : one)),
    }));
    await world.say(MORGAN, `approve ${ref} deactivate-key`);
    await world.untilIdle();

    const about = await world.theCase(ref);
    assert.equal(about.state, 'asking');
    assert.match(
      allEnglish(about.outcome).join(' '),
      /There is no user alex .* a renamed user keeps its keys/,
    );
    assert.equal(await statusOf(world, INVOICE, world.running.aws.alex), 200);
  });

  it('gains nothing by turning the key on again once: it is turned off again', async () => {
    await world.close();
    world = await startWorld({ waits: { backOff: () => 5, recheckMs: 500 } });
    const ref = refOf(await world.fire('iam-rights'));
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} deactivate-key`);
    await until('a first look', async () => (await world.runs(ref))[0]?.checks?.length);
    iam().change((state) => ({
      ...state,
      users: state.users.map((one) => ({
        ...one,
        keys: one.keys.map((key) =>
          key.id === world.running.aws.alex.accessKeyId ? { ...key, active: true } : key,
        ),
      })),
    }));
    await world.untilState(ref, 'contained');

    assert.equal(await statusOf(world, INVOICE, world.running.aws.alex), 403);
  });

  it('leaves no service control policy behind when the role is gone and the deny is undone', async () => {
    const ref = refOf(await world.fire('trail-stopped'));
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} deny-sso`);
    await world.untilState(ref, 'contained');
    assert.equal(policies().length, 1);
    iam().change((state) => ({
      ...state,
      roles: state.roles.filter((one) => !one.name.includes('Developer')),
    }));
    await world.say(MORGAN, `undo ${ref}`);
    // From high severity it takes two.
    await world.say(people.yuki.userPrincipalName, `undo ${ref}`);
    await world.untilState(ref, 'undone');

    assert.deepEqual(policies(), []);
  });
});
