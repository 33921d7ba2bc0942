// The contract under contention: two stores on one database, many calls at once.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { Case } from '../../../../src/case/case.ts';
import { isCountersignError } from '../../../../src/case/errors.ts';
import type { CapSlot } from '../../../../src/ports/case-store.ts';
import { moved, sampleCase } from '../samples.ts';
import { chainOf, note, type StoreWorld, together } from './world.ts';

const CONTESTED = 200;
/** All but the one that says which migrations were made, in an order in which they can be dropped. */
const TABLES = [
  ...[
    'request_id',
    'run',
    'alert',
    'alert_revision',
    'step',
    'target_hold',
    'target_wait',
    'cap_use',
    'card_copy',
    'question_put',
    'digest_drawn',
    'digest',
    'cases',
  ],
  ...[
    'reachable',
    'audit_personal',
    'audit_entry',
    'mark',
    'window_event',
    'window_due',
    'delegation',
    'exception',
    'sign_in',
  ],
];

export function describeReplicas(world: () => StoreWorld): void {
  let replicas: readonly [Store, Store];
  beforeEach(async () => {
    replicas = await Promise.all([world().open(), world().open()]);
  });
  const replica = (turn: number): Store => (turn % 2 === 0 ? replicas[0] : replicas[1]);

  async function openCases(count: number, over: Partial<Case> = {}): Promise<readonly Case[]> {
    const cases = Array.from({ length: count }, () => sampleCase({ state: 'asking', ...over }));
    await replicas[0].transact(async (tx) => {
      for (const one of cases) await tx.insertCase(one);
    });
    return cases;
  }

  it('gives every contested decision exactly one winner', async () => {
    const cases = await openCases(CONTESTED);
    const verbs = ['executing', 'dismissed', 'closed'] as const;

    const wins = await Promise.all(
      cases.map((contested) =>
        together(verbs.length, (turn) =>
          replica(turn).transact(async (tx) => {
            const current = await tx.lockCase(contested.id);
            if (current?.state !== 'asking') return 0;
            await tx.saveCase(moved(current, { state: verbs[turn] ?? 'closed' }));
            await tx.audit(current.id, note('decision.taken', { turn }));
            return 1;
          }),
        ),
      ),
    );

    assert.deepEqual(
      wins.map((turns) => turns.filter((won) => won === 1).length),
      Array(CONTESTED).fill(1),
    );
    const heads = await replicas[1].heads();
    assert.equal(heads.length, CONTESTED);
    assert.ok(heads.every((head) => head.seq === 1));
  });

  it('gives one winner even to those who looked at the case before their transaction', async () => {
    const cases = await openCases(CONTESTED / 4);

    const outcomes = await Promise.all(
      cases.map((contested) =>
        together(4, async (turn) => {
          const next = moved(contested, { state: 'executing', outcome: [String(turn)] });
          try {
            await replica(turn).transact((tx) => tx.saveCase(next));
            return 'won';
          } catch (error) {
            return isCountersignError(error) ? error.code : error;
          }
        }),
      ),
    );

    for (const turns of outcomes)
      assert.deepEqual(turns.map(String).toSorted(), ['store.stale', 'store.stale', 'store.stale', 'won']);
  });

  it('never opens twins', async () => {
    for (let round = 0; round < 25; round++) {
      const groupKey = `policy:subject ${round}`;
      const opened = await together(4, async (turn) => {
        try {
          await replica(turn).transact(async (tx) => {
            if (!(await tx.findOpenCase(groupKey))) await tx.insertCase(sampleCase({ groupKey }));
          });
          return 'fine';
        } catch (error) {
          return isCountersignError(error) ? error.code : error;
        }
      });
      assert.ok(
        opened.every((outcome) => outcome === 'fine' || outcome === 'store.twin'),
        String(opened),
      );
    }

    const open = await replicas[0].listCases({ states: ['routing'] });
    assert.equal(open.length, 25);
    assert.equal(new Set(open.map((one) => one.groupKey)).size, 25);
  });

  it('lets a case back into its group or another one open, never both', async () => {
    for (let round = 0; round < 10; round++) {
      const groupKey = `group ${round}`;
      const [claimed] = await openCases(1, { groupKey, state: 'executing' });
      assert.ok(claimed);
      await Promise.allSettled([
        replicas[0].transact((tx) => tx.saveCase(moved(claimed, { state: 'routing' }))),
        replicas[1].transact((tx) => tx.insertCase(sampleCase({ groupKey }))),
      ]);
      assert.equal((await replicas[0].readCase(claimed.id))?.state, 'routing', 'coming back never fails');
      assert.ok(await replicas[0].transact((tx) => tx.findOpenCase(groupKey)));
    }
  });

  it('leases no step twice, and no two steps of a case at once', async () => {
    const cases = await openCases(40);
    await replicas[0].transact(async (tx) => {
      for (const one of cases)
        for (const key of ['a', 'b', 'c']) await tx.addStep(one.id, { kind: 'refresh', key });
    });
    const inFlight = new Set<string>();
    const done: string[] = [];

    await together(6, async (turn) => {
      const store = replica(turn);
      while ((await store.nextDueInMs()) !== null) {
        for (const step of await store.takeSteps(5, 600_000)) {
          assert.ok(!inFlight.has(step.caseId), 'nobody else works on this case');
          inFlight.add(step.caseId);
          await new Promise(setImmediate);
          inFlight.delete(step.caseId);
          await store.transact((tx) => tx.finishStep(step));
          done.push(step.id);
        }
      }
    });

    assert.equal(done.length, 120);
    assert.equal(new Set(done).size, 120);
  });

  it('keeps one lease in a case while steps are added to it from everywhere', async () => {
    const [busy] = await openCases(1);
    assert.ok(busy);
    let inFlight = 0;
    let done = 0;

    // Each is longer due than those before it, so that the first of the case changes all the time.
    const adding = together(2, async (turn) => {
      for (let count = 0; count < 40; count++)
        await replica(turn).transact(async (tx) => {
          await tx.addStep(busy.id, { kind: 'refresh', key: `${turn} ${count}`, delayMs: -count });
        });
    });
    await together(4, async (turn) => {
      while (done < 80) {
        for (const step of await replica(turn).takeSteps(3, 600_000)) {
          assert.equal(++inFlight, 1);
          await new Promise(setImmediate);
          inFlight--;
          await replica(turn).transact((tx) => tx.finishStep(step));
          done++;
        }
      }
    });
    await adding;
  });

  it('never exceeds a cap, whichever of several is reached first', async () => {
    const slots = (turn: number): readonly CapSlot[] => [
      { key: 'suspend', uses: 1, cap: 7 },
      { key: `approver:${turn % 3}`, uses: 1, cap: 2 },
    ];
    const given = await together(60, (turn) =>
      replica(turn).transact(async (tx) => (await tx.reserveSlots(slots(turn))).length === 0),
    );

    assert.equal(given.filter(Boolean).length, 6, 'three people, two each');
    const left = await replicas[0].transact((tx) => tx.reserveSlots([{ key: 'suspend', uses: 1, cap: 7 }]));
    assert.deepEqual(left, [], 'who was refused for one limit used nothing of the other');
  });

  it('keeps a chain without gaps or forks when everybody appends at once, with or without a case', async () => {
    const [about] = await openCases(1);
    assert.ok(about);
    const nobody = sampleCase();

    for (const { id } of [about, nobody]) {
      await together(40, (turn) =>
        replica(turn).transact((tx) => tx.audit(id, note('decision.refused', { turn }))),
      );

      const chain = await chainOf(replicas[0], id);
      assert.deepEqual(
        chain.map((entry) => entry.seq),
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
      assert.deepEqual(
        chain.slice(1).map((entry) => entry.previous),
        chain.slice(0, -1).map((entry) => entry.hash),
      );
    }
  });

  it('runs both of two transactions that lock the same cases in opposite orders', async () => {
    const [one, two] = await openCases(2);
    assert.ok(one && two);
    for (let round = 0; round < 5; round++)
      await together(2, (turn) =>
        replica(turn).transact(async (tx) => {
          for (const about of turn === 0 ? [one, two] : [two, one]) {
            const current = await tx.lockCase(about.id);
            assert.ok(current);
            await tx.saveCase(moved(current, { seen: current.seen + 1 }));
          }
        }),
      );

    assert.equal((await replicas[0].readCase(one.id))?.seen, 11);
    assert.equal((await replicas[0].readCase(two.id))?.seen, 11);
  });

  it('brings a database up to date from many replicas at once', async () => {
    await world().execute('delete from migration');
    for (const table of TABLES) await world().execute(`drop table ${table}`);

    const opened = await together(4, () => world().open());

    await together(4, (turn) => (opened[turn] ?? replicas[0]).transact((tx) => tx.insertCase(sampleCase())));
    assert.equal((await replicas[0].listCases()).length, 4);
  });
}
