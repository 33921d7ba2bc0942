import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import { createGraphRiskRegister } from '../../../src/adapters/graph/risk-register.ts';
import type { UserId } from '../../../src/case/ids.ts';
import type { RiskRegister } from '../../../src/ports/risk-register.ts';
import { PEOPLE, people } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111' as UserId;

describe('risks through Graph', () => {
  let world: World;
  let risks: RiskRegister;
  // Graph's own limit holds, and nobody waits for it: the pauses of the register move the clock that the sandbox reads, too.
  let ahead = 0;
  let onTheWay = 0;
  const now = () => Date.now() + ahead;
  const later = async (ms: number): Promise<void> => {
    do await sleep(1);
    while (onTheWay > 0);
    ahead += ms;
  };
  const replica = () => createGraphRiskRegister(counted(world.client), { now, pause: later });
  const counted = (client: GraphClient): GraphClient => ({
    ...client,
    async call(call) {
      onTheWay++;
      try {
        return await client.call(call);
      } finally {
        onTheWay--;
      }
    },
  });
  before(async () => {
    world = await startWorld({ now });
    risks = replica();
  });
  after(() => world.stop());
  beforeEach(() => later(60_000));
  afterEach(() => world.graph.faults.clear());
  const asked = () =>
    world.graph.requests
      .filter(({ path }) => path.includes('riskyUsers'))
      .map(({ path }) => path.split('/').at(-1));

  it('are what Entra holds against somebody, and null where that is nothing', async () => {
    assert.deepEqual(await risks.riskOf(people.alex.id), {
      level: 'medium',
      state: 'atRisk',
      updatedAt: '2026-02-27T18:40:11.5316491Z',
    });
    assert.equal(await risks.riskOf(people.lee.id), null);
    assert.equal(await risks.riskOf(NOBODY), null);
  });

  it('are confirmed and dismissed, again and again, and read back', async () => {
    for (const [change, level, state] of [
      ['confirmCompromised', 'high', 'confirmedCompromised'],
      ['dismiss', 'none', 'dismissed'],
    ] as const)
      for (let time = 0; time < 2; time += 1) {
        const { requestId } = await risks[change](people.jonas.id);

        const risk = await risks.riskOf(people.jonas.id);
        assert.ok(requestId && risk?.updatedAt);
        assert.deepEqual({ level: risk?.level, state: risk?.state }, { level, state });
      }
  });

  it('of nobody cannot be changed', async () => {
    const error = await failureOf(risks.confirmCompromised(NOBODY));

    assert.equal(error.code, 'graph.not-found');
    assert.equal(english(error.say), 'There is no such account.');
  });

  it('are asked one by one, as fast as Graph takes it: of many who ask at once nobody is refused', async () => {
    const all = [people.alex, people.jonas, people.lee, people.mia, people.tom].map(({ id }) => id);
    const [start, before] = [now(), asked().length];

    await Promise.all([...all.map((id) => risks.riskOf(id)), risks.dismiss(people.mia.id)]);

    assert.ok(now() - start >= all.length * 1_000);
    assert.equal(asked().length, before + all.length + 1);
  });

  it('are asked for whoever waits first, then changed, then looked at', async () => {
    const before = asked().length;

    await Promise.all([
      risks.riskOf(people.alex.id),
      risks.riskOf(people.lee.id),
      risks.riskOf(people.tom.id),
      risks.dismiss(people.jonas.id),
      risks.riskOf(people.mia.id, 'now'),
      risks.riskOf(people.tom.id, 'now'),
    ]);

    const { alex, lee, tom, mia } = people;
    assert.deepEqual(asked().slice(before), [alex.id, tom.id, mia.id, 'dismiss', lee.id]);
  });

  it('are read once for everybody who asks about one person within a few seconds, and then anew', async () => {
    const before = asked().length;
    await Promise.all([risks.riskOf(people.alex.id), risks.riskOf(people.alex.id, 'now')]);
    await risks.riskOf(people.alex.id);
    assert.equal(asked().length, before + 1);

    await later(5_000);
    await risks.riskOf(people.alex.id, 'now');
    assert.equal(asked().length, before + 1, 'for whoever waits');
    await risks.riskOf(people.alex.id);
    assert.equal(asked().length, before + 2);

    await later(16_000);
    await risks.riskOf(people.alex.id, 'now');
    assert.equal(asked().length, before + 3);
  });

  it('are known of all who have signed once somebody presses again, be they a dozen', async () => {
    const signers = PEOPLE.slice(0, 12);
    const press = () => Promise.all(signers.map(({ id }) => risks.riskOf(id, 'now')));
    await press();
    const before = asked().length;

    await press();

    assert.equal(asked().length, before);
  });

  it('are read anew after every change of ours, be it under way while they are read, or lost', async () => {
    const { id } = people.mia;
    await risks.dismiss(id);
    await later(5_000);
    const [old] = await Promise.all([risks.riskOf(id), risks.confirmCompromised(id)]);
    assert.equal(old?.state, 'dismissed');
    assert.equal((await risks.riskOf(id))?.state, 'confirmedCompromised');

    world.graph.faults.add({ path: /dismiss$/, answer: { kind: 'lose-answer' } });
    await failureOf(risks.dismiss(id));

    assert.equal((await risks.riskOf(id))?.state, 'dismissed');
  });

  it('that could not be read are read anew by whoever asks next', async () => {
    world.graph.faults.add({ path: /riskyUsers/, answer: { kind: 'status', status: 503 } });
    await failureOf(risks.riskOf(people.alex.id));

    assert.equal((await risks.riskOf(people.alex.id))?.state, 'atRisk');
  });

  it('wait where Graph throttles without Retry-After, because of another replica or another app', async () => {
    await replica().riskOf(people.alex.id);
    assert.equal((await risks.riskOf(people.alex.id))?.state, 'atRisk');

    for (const call of [risks.riskOf, risks.confirmCompromised, risks.dismiss]) {
      world.graph.faults.add({ path: /riskyUsers/, answer: { kind: 'throttle' }, times: 3 });

      await call(people.jonas.id);

      assert.equal(world.graph.faults.pending(), 0);
    }
  });

  it('are given up on for the moment where Graph goes on throttling', async () => {
    for (const call of [risks.riskOf, risks.confirmCompromised, risks.dismiss]) {
      world.graph.faults.add({ path: /riskyUsers/, answer: { kind: 'throttle' }, times: 6 });

      const error = await failureOf(call(people.lee.id));

      assert.equal(error.code, 'graph.throttled');
      assert.equal(error.retryable, true);
      assert.equal(error.retryAfterMs, 2_200);
    }
  });

  it('are not there without the licence, which is named to both', async () => {
    const poor = await startWorld({ licences: { entraP2: false }, now });
    try {
      const register = createGraphRiskRegister(poor.client, { now, pause: later });
      for (const call of [register.riskOf, register.confirmCompromised, register.dismiss]) {
        const error = await failureOf(call(people.alex.id));

        assert.equal(error.code, 'graph.forbidden');
        assert.equal(error.retryable, false);
        assert.match(error.message, /the tenant has no licence for it \(Microsoft Entra ID P2\)/);
        assert.equal(
          english(error.say),
          'The organisation has no licence for that: it needs Microsoft Entra ID P2.',
        );
      }
    } finally {
      await poor.stop();
    }
  });

  it('that are refused for no reason given may lack the permission or the licence', async () => {
    const answer = { kind: 'status', status: 403, code: 'Forbidden' } as const;
    world.graph.faults.add({ path: /riskyUsers/, answer });

    const { message } = await failureOf(risks.riskOf(people.alex.id));

    assert.match(
      message,
      /IdentityRiskyUser\.Read\.All with admin consent, and that the tenant has Microsoft Entra ID P2/,
    );
  });

  const { id } = people.mia;
  const write = 'IdentityRiskyUser.ReadWrite.All';
  itMeetsTrouble(
    () => world,
    [
      {
        name: 'riskOf',
        method: 'GET',
        path: /riskyUsers/,
        permission: 'IdentityRiskyUser.Read.All',
        call: () => risks.riskOf(id),
      },
      {
        name: 'confirmCompromised',
        method: 'POST',
        path: /confirmCompromised$/,
        permission: write,
        call: () => risks.confirmCompromised(id),
      },
      {
        name: 'dismiss',
        method: 'POST',
        path: /dismiss$/,
        permission: write,
        call: () => risks.dismiss(id),
      },
    ],
  );
});
