// Replicas that route cases about one person at the same moment, and find out only then who that is: they ask one question.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { routeCase } from '../../src/route/route-case.ts';
import { people } from '../../src/sandbox/people.ts';
import { aBucket } from '../helpers/alerts.ts';
import { type AskingStage, createAskingStage, START } from '../helpers/asking-stage.ts';
import { aCase } from '../helpers/cases.ts';
import { testWords } from '../helpers/english.ts';
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts';

const { alex } = people;
const CASES = 6;
const at = (ms: number): string => new Date(START + ms).toISOString();

describe('two replicas that are told of one person under a name', function () {
  this.timeout(60_000);
  let database: TestDatabase | undefined;
  let stage: AskingStage;
  let stores: readonly Store[] = [];
  beforeEach(async function () {
    database = await createDatabase(this);
    stage = await createAskingStage();
    const options = { databaseUrl: database.url, directory: tmpdir(), clock: stage.clock };
    stores = [
      await openStore({ words: testWords, ...options }),
      await openStore({ words: testWords, ...options }),
    ];
  });
  afterEach(async () => {
    if (!database) return;
    for (const store of stores) await store.close();
    await stage.close();
    await database.drop();
  });

  it('ask one question, though all of it is looked up before any of it is asked', async () => {
    const [one] = stores;
    assert.ok(one);
    for (let count = 0; count < CASES; count++) {
      const name = `policy-${count}`;
      const id = randomUUID() as CaseId;
      const policy = { ...aCase().policy, id: name, hash: name.padEnd(64, '0'), asking: DEFAULT_ASKING };
      await one.transact(async (tx) => {
        await tx.insertCase(
          aCase({
            ...{ id, ref: `REF2345${count + 2}`, groupKey: name, version: 1, policy, state: 'routing' },
            ...{ question: null, subject: null, hint: { kind: 'entra', id: alex.userPrincipalName } },
            ...{ openedAt: at(count), targets: [aBucket(name)], deeds: [{ key: name, says: name }] },
          }),
        );
        await tx.addStep(id, { kind: 'route', key: '' });
      });
    }
    let looking = 0;
    let goOn = (): void => {};
    const allHaveLooked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const partsOf = (store: Store) => ({
      ...{ ...stage.routing, store },
      settings: { ...stage.settings, asking: { ...stage.settings.asking, relatedMs: 86_400_000 } },
      plan: async () => {
        looking += 1;
        if (looking === CASES) goOn();
        await allHaveLooked;
        return { offers: [], withheld: [] };
      },
    });

    const steps = (await one.takeSteps(CASES, 60_000)).filter(({ kind }) => kind === 'route');
    assert.equal(steps.length, CASES);
    await Promise.all(
      // Those that came last first.
      steps.toReversed().map((step, count) => routeCase(step, partsOf(stores[count % stores.length] ?? one))),
    );

    const after = await one.listCases({});
    const open = after.filter(({ state }) => state !== 'closed');
    assert.equal(open.length, 1);
    assert.equal(open[0]?.related?.length, CASES - 1);
    assert.ok(after.every(({ id, supersededBy }) => id === open[0]?.id || supersededBy === open[0]?.id));
  });
});
