// What Entra holds against people, through the whole product: asked as slowly as Microsoft takes it, and taken off nobody by one alone.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
const ALEX = people.alex.id;

describe('what Entra holds against people', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());
  const state = () => world.sandbox.graph.state().tenant.risks[ALEX]?.riskState;
  const ask = async (sample: string): Promise<string> => {
    const ref = refOf(await world.fire(sample));
    await world.cardFor(MORGAN, ref);
    await world.untilIdle();
    return ref;
  };

  it('is known for both of two answers that are given at once', async () => {
    const [restrict, revoke] = [await ask('mass-download'), await ask('oauth-app')];

    await Promise.all([
      world.say(MORGAN, `approve ${restrict} restrict`),
      world.say(MORGAN, `approve ${revoke} revoke-app`),
    ]);

    for (const ref of [restrict, revoke])
      assert.equal((await world.untilState(ref, 'contained')).state, 'contained');
  });

  it('is confirmed at the first try, and let go of by two people: Entra had found something before', async () => {
    const ref = await ask('risky-sign-in');
    await world.say(MORGAN, `approve ${ref} compromised`);
    const done = await world.untilState(ref, 'contained');
    assert.equal(done.troubles, undefined);
    assert.notEqual(done.severity, 'high');

    assert.match(
      await world.say(MORGAN, `undo ${ref}`),
      /One more person has to agree\. It lets somebody back in/,
    );
    await world.untilIdle();
    assert.equal(state(), 'confirmedCompromised');

    await world.say(YUKI, `undo ${ref}`);
    await world.untilState(ref, 'undone');
    assert.equal(state(), 'dismissed');
  });

  it('is not called dismissed where the account is gone by then: the decision is void, and says why', async () => {
    const ref = await ask('risky-sign-in');
    await world.say(MORGAN, `approve ${ref} no-risk`);
    await world.cardFor('channel', ref);
    await world.untilIdle();
    for (const path of [new RegExp(`/users/${ALEX}`), new RegExp(`riskyUsers/${ALEX}`)])
      world.sandbox.graph.faults.add({
        path,
        times: 1_000,
        answer: { kind: 'status', status: 404, code: 'Request_ResourceNotFound', message: 'gone' },
      });

    await world.say(YUKI, `approve ${ref} no-risk`);
    const anew = await until('the question to be asked anew', async () => {
      const about = await world.theCase(ref);
      return about.question?.offers.every(({ key }) => key !== 'no-risk') ? about : null;
    });

    assert.deepEqual(
      (await world.runs(ref)).map(({ state }) => state),
      ['void'],
    );
    assert.doesNotMatch(allEnglish(anew.outcome).join(' '), /Entra holds nothing/);
  });

  it('keeps nobody from asking the person in question, once: then the card says when they were asked', async () => {
    const ref = await ask('risky-sign-in');
    await world.say(MORGAN, `approve ${ref} ask`);
    const asked = await until('the question to be asked anew', async () => {
      const { question, notices } = await world.theCase(ref);
      return notices?.length && question?.offers.every(({ key }) => key !== 'ask') ? question : null;
    });

    assert.match(
      asked.withheld.map(({ reason }) => english(reason)).join(' '),
      /Alex Weber was asked by a card in Teams at /,
    );
    assert.match(await world.say(MORGAN, `approve ${ref} ask`), /Nothing was done/);
    assert.equal((await world.runs(ref)).length, 1);
  });
});
