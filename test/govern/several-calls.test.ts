// An action of several calls, some of which are held up: every call is made before any is waited for, however often that takes.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { createFakeWorld, type FakeWorld, SUSPECT } from '../helpers/fake-world.ts';
import { createGovernStage, type Offers, type Stage } from '../helpers/govern-stage.ts';

const SID = 'S-1-5-21-1';
const APP = '0f2b8a6e-7c1d-4e39-9a45-b6c7d8e9f0a1';
const PRINCIPAL = '9d8c7b6a-5f4e-4d3c-8b2a-190817263544';
const GRAPH_API = '11111111-2222-4333-8444-555555555555';
const GRANTS = `${SUSPECT.id} ${PRINCIPAL}`;
const target = { kind: 'user', id: SUSPECT.id, label: SUSPECT.displayName } as const;
const busy = (code: 'graph.unavailable' | 'graph.throttled') =>
  new CountersignError(code, 'no answer', { retryable: true });

describe('an action of several calls', () => {
  let fake: FakeWorld;
  let stage: Stage;
  beforeEach(() => {
    fake = createFakeWorld();
  });
  afterEach(() => stage.close());
  const carriedOut = async (world: Partial<FakeWorld['world']>, offers: Offers[string]): Promise<string> => {
    stage = await createGovernStage({
      actions: [...ACTIONS.values()],
      offers: { all: offers },
      world: { ...fake.world, ...world },
      recheckMs: 0,
      startAt: Date.now(),
    });
    let about = await stage.open();
    await stage.approve(about, 'all');
    for (let minute = 0; minute < 60 && about.state !== 'contained'; minute++)
      about = await stage.later(about, 60_000);
    return about.state;
  };

  describe('that suspends somebody in Active Directory and in Entra', () => {
    const held = (times: number, code: Parameters<typeof busy>[0]): FakeWorld['world']['directory'] => {
      let left = times;
      const { directory } = fake.world;
      return {
        ...directory,
        async setEnabled(...args) {
          if (left-- > 0) throw busy(code);
          return directory.setEnabled(...args);
        },
      };
    };
    beforeEach(() => {
      const known = fake.state.users.get(SUSPECT.id) ?? assert.fail();
      fake.state.users.set(SUSPECT.id, { ...known, synced: true, securityIdentifier: SID });
      fake.state.onPremises.set(SID, { id: 'mdi-1', account: 'CONTOSO\\alex', enabled: true });
    });

    for (const code of ['graph.unavailable', 'graph.throttled'] as const)
      for (const times of [1, 2, 3])
        it(`suspends them in both, though Entra answers ${code} ${times} times`, async () => {
          const state = await carriedOut({ directory: held(times, code) }, [['entra.user.suspend', target]]);

          assert.equal(state, 'contained');
          assert.equal(fake.state.users.get(SUSPECT.id)?.enabled, false);
          assert.equal(fake.state.onPremises.get(SID)?.enabled, false);
        });

    it('takes what Active Directory shows only later for nobody else’s doing', async () => {
      const { onPremises } = fake.world;
      let shown = 0;
      const lagging: FakeWorld['world']['onPremises'] = {
        ...onPremises,
        async find(sid) {
          const now = await onPremises.find(sid);
          return now?.enabled === false && shown++ < 1 ? { ...now, enabled: true } : now;
        },
      };
      const world = { directory: held(1, 'graph.unavailable'), onPremises: lagging };

      assert.equal(await carriedOut(world, [['entra.user.suspend', target]]), 'contained');
      assert.equal(fake.state.users.get(SUSPECT.id)?.enabled, false);
    });
  });

  it('takes back every grant of an app, though one answers late and Entra shows the old ones', async () => {
    fake.state.apps.set(APP, { id: PRINCIPAL, displayName: 'Helper' });
    const given = [
      { id: 'g1', resource: GRAPH_API, scope: 'Mail.Read' },
      { id: 'g2', resource: PRINCIPAL, scope: 'Files.Read' },
    ];
    fake.state.grants.set(GRANTS, given);
    const { consents } = fake.world;
    let left = 2;
    const late: FakeWorld['world']['consents'] = {
      ...consents,
      async delegatedGrants(...args) {
        const now = await consents.delegatedGrants(...args);
        return now.length > 0 ? given : now;
      },
      async removeDelegatedGrant(id) {
        if (id === 'g2' && left-- > 0) throw busy('graph.unavailable');
        return consents.removeDelegatedGrant(id);
      },
    };
    const person = { user: SUSPECT.id, userLabel: SUSPECT.displayName };
    const grant = { kind: 'app-grant', ...person, app: APP, label: 'Helper' } as const;

    assert.equal(await carriedOut({ consents: late }, [['entra.app.revoke-grant', grant]]), 'contained');
    assert.deepEqual(fake.state.grants.get(GRANTS), []);
  });
});
