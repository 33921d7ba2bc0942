import assert from 'node:assert/strict';
import { createGraphRiskRegister } from '../../../src/adapters/graph/risk-register.ts';
import type { UserId } from '../../../src/case/ids.ts';
import type { RiskRegister } from '../../../src/ports/risk-register.ts';
import { people } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111' as UserId;

describe('risks through Graph', () => {
  let world: World;
  let risks: RiskRegister;
  before(async () => {
    world = await startWorld();
    risks = createGraphRiskRegister(world.client);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

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
    assert.equal(english(error.say), 'There is no such account any more.');
  });

  it('wait two seconds where Graph throttles without Retry-After, as it does at one request a second', async () => {
    for (const call of [risks.riskOf, risks.confirmCompromised, risks.dismiss]) {
      world.graph.faults.add({ path: /riskyUsers/, answer: { kind: 'throttle' } });

      const error = await failureOf(call(people.alex.id));

      assert.equal(error.code, 'graph.throttled');
      assert.equal(error.retryable, true);
      assert.equal(error.retryAfterMs, 2000);
    }
  });

  it('are not there without the licence, which is named to both', async () => {
    const poor = await startWorld({ licences: { entraP2: false } });
    try {
      const register = createGraphRiskRegister(poor.client);
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
