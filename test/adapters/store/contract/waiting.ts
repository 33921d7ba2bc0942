// The contract for held targets and the line of those who wait for them: all or nothing, the strongest first, nobody forgotten.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { CaseId } from '../../../../src/case/ids.ts';
import { say } from '../../../../src/case/said.ts';
import type { HeldTarget, PlaceInLine, Turn } from '../../../../src/ports/case-store.ts';
import { sampleCase } from '../samples.ts';
import { type StoreWorld, together, WITHOUT_WAITING_AND_CAPS } from './world.ts';

const heldAs = (key: string): HeldTarget => ({ key, label: `the ${key}` });

export function describeWaiting(world: () => StoreWorld): void {
  let store: Store;
  let other: Store;
  let ids: readonly CaseId[];
  let refs: ReadonlyMap<CaseId, string>;
  const open = async (count: number): Promise<void> => {
    const cases = Array.from({ length: count }, () => sampleCase({ state: 'executing' }));
    await store.transact(async (tx) => {
      for (const one of cases) await tx.insertCase(one);
    });
    ids = cases.map((one) => one.id);
    refs = new Map(cases.map((one) => [one.id, one.ref]));
  };
  beforeEach(async () => {
    [store, other] = await Promise.all([world().open(), world().open()]);
    await open(4);
  });

  const at = (index: number): CaseId => ids[index] ?? ('' as CaseId);
  const refOf = (index: number): string => refs.get(at(index)) ?? '';
  const take = (index: number, keys: readonly string[], strength = 5): Promise<Turn> =>
    store.transact((tx) => tx.takeTargets(at(index), keys.map(heldAs), strength));
  const hold = (index: number, ...keys: readonly string[]): Promise<boolean> =>
    store.transact((tx) => tx.holdTargets(at(index), keys.map(heldAs)));
  const release = (index: number): Promise<readonly PlaceInLine[]> =>
    store.transact((tx) => tx.releaseTargets(at(index)));
  const holds = (index: number): Promise<boolean> => store.transact((tx) => tx.holdsTargets(at(index)));
  const changing = (index: number, key: string) => ({
    ref: refOf(index),
    label: `the ${key}`,
    isChanging: true,
  });
  const ahead = (index: number, key: string) => ({ ...changing(index, key), isChanging: false });
  const turn = (index: number): PlaceInLine => ({ caseId: at(index), waitsFor: null });

  it('gives a case everything that it asks for, or nothing and a place in the line', async () => {
    assert.deepEqual(await take(0, ['a', 'b']), { waitsFor: null, moved: [] });
    assert.deepEqual(await take(1, ['b', 'c']), { waitsFor: changing(0, 'b'), moved: [] });
    assert.deepEqual([await holds(0), await holds(1)], [true, false]);

    assert.deepEqual(await take(2, ['d']), { waitsFor: null, moved: [] }, 'what nobody wants is free');
    assert.deepEqual(await release(0), [turn(1)]);
    assert.equal(await holds(1), true);
    assert.equal(await hold(3, 'c'), false, 'the second of the two is held as well');
  });

  it('hands labels back as they came: words as words, and text as text, whatever it looks like', async () => {
    const words = say('case.target.role', { name: 'Developer' });
    const label = async (index: number, said: HeldTarget['label']) => {
      const targets = [{ key: 'a', label: said }];
      return (await store.transact((tx) => tx.takeTargets(at(index), targets, 5))).waitsFor?.label;
    };
    await take(0, ['a']);

    assert.deepEqual(await label(1, words), words);
    assert.deepEqual(await label(2, JSON.stringify(words)), JSON.stringify(words));
    const [, behind] = await release(0);
    assert.deepEqual(behind?.waitsFor?.label, JSON.stringify(words));
  });

  it('gives nothing to anybody behind that somebody ahead waits for', async () => {
    await take(0, ['a']);
    await take(1, ['a', 'b']);

    assert.deepEqual((await take(2, ['b'])).waitsFor, ahead(1, 'b'));
    assert.equal(await hold(3, 'b'), false, 'neither does an undo get it');
    assert.deepEqual(await release(0), [turn(1), { caseId: at(2), waitsFor: changing(1, 'b') }]);
    assert.deepEqual(await release(1), [turn(2)]);
  });

  it('lets the strongest go first, and among equals the first, but never takes from one that runs', async () => {
    await take(0, ['a'], 1);
    await take(1, ['a'], 3);
    await take(2, ['a'], 3);

    assert.deepEqual(await take(3, ['a'], 9), {
      waitsFor: changing(0, 'a'),
      moved: [{ caseId: at(1), waitsFor: ahead(3, 'a') }],
    });
    assert.equal(await holds(0), true);
    assert.deepEqual(await release(0), [turn(3), { caseId: at(1), waitsFor: changing(3, 'a') }]);
    assert.deepEqual(await release(3), [turn(1), { caseId: at(2), waitsFor: changing(1, 'a') }]);
    assert.deepEqual(await release(1), [turn(2)]);
    assert.deepEqual(await release(2), []);
  });

  it('lets a stronger one have what is free although a weaker one waits for it', async () => {
    await take(0, ['a']);
    await take(1, ['a', 'b'], 2);

    assert.deepEqual(await take(2, ['b'], 7), { waitsFor: null, moved: [] });
    assert.deepEqual(await release(0), [{ caseId: at(1), waitsFor: changing(2, 'b') }]);
    assert.deepEqual(await release(2), [turn(1)]);
  });

  it('closes the line behind one that leaves it', async () => {
    await take(0, ['a']);
    await take(1, ['a']);
    await take(2, ['a']);

    assert.deepEqual(await release(1), [{ caseId: at(2), waitsFor: changing(0, 'a') }]);
    assert.deepEqual(await release(0), [turn(2)]);
  });

  it('lets a case that asks anew give up what it had: whoever holds something never waits', async () => {
    await take(0, ['a']);
    await take(1, ['b']);
    await take(2, ['a']);

    const again = await take(0, ['b']);

    assert.deepEqual(again, { waitsFor: changing(1, 'b'), moved: [turn(2)] });
    assert.deepEqual(await release(1), [turn(0)]);
  });

  it('keeps the line across a restart, and as it was when the transaction throws', async () => {
    await take(0, ['a']);
    await take(1, ['a']);
    const failing = store.transact(async (tx) => {
      await tx.releaseTargets(at(0));
      await tx.takeTargets(at(2), [heldAs('a')], 9);
      throw new Error('not after all');
    });
    await assert.rejects(failing, /not after all/);
    await store.close();

    store = await world().open();

    assert.deepEqual([await holds(0), await holds(1)], [true, false]);
    assert.deepEqual(await release(0), [turn(1)]);
    assert.equal(await hold(2, 'a'), false);
  });

  it('lets a case go on that was claimed under the schema before, and whoever comes after it wait', async () => {
    for (const statement of [
      ...WITHOUT_WAITING_AND_CAPS,
      'delete from migration where version > 3',
      `insert into target_hold (target_key, case_id) values ('a', '${at(0)}')`,
    ])
      await world().execute(statement);
    store = await world().open();

    assert.equal(await holds(0), true);
    assert.deepEqual((await take(1, ['a'], 9)).waitsFor, changing(0, 'a'));
    assert.deepEqual(await release(0), [turn(1)]);
  });

  it('holds all of several or none, as often as the same case likes', async () => {
    assert.equal(await hold(0, 'a'), true);
    assert.equal(await hold(0, 'a', 'b'), true);
    assert.equal(await hold(1, 'c', 'b'), false);
    assert.equal(await hold(2, 'c'), true, 'nothing of what was refused is held');
    await release(0);
    assert.equal(await hold(1, 'b'), true);
    assert.equal(await hold(1, 'c'), false, "releasing frees no one else's target");
  });

  it('takes labels and keys that a database would not', async () => {
    const nasty = {
      key: `object:1:b/${'\0'.repeat(3)}${'x'.repeat(5_000)}`,
      label: `\ud800\0${'y'.repeat(5_000)}`,
    };
    const taken = (index: number) => store.transact((tx) => tx.takeTargets(at(index), [nasty, nasty], 1));

    assert.equal((await taken(0)).waitsFor, null);
    assert.equal((await taken(1)).waitsFor?.ref, refOf(0));
    assert.deepEqual(await release(0), [turn(1)]);
  });

  describe('on two replicas at once', () => {
    const replica = (index: number): Store => (index % 2 === 0 ? store : other);

    it('lets one of many run at a time, and forgets nobody', async () => {
      const count = 50;
      await open(count);
      const running = new Set<string>();
      const ran: number[] = [];
      const done = Promise.withResolvers<void>();
      const run = async (index: number): Promise<void> => {
        assert.equal(running.size, 0, 'nobody else has it');
        running.add(at(index));
        await new Promise(setImmediate);
        running.delete(at(index));
        ran.push(index);
        const places = await replica(index + 1).transact((tx) => tx.releaseTargets(at(index)));
        const next = places.filter((one) => one.waitsFor === null);
        assert.ok(next.length <= 1);
        if (ran.length === count) done.resolve();
        for (const { caseId } of next) void run(ids.indexOf(caseId)).catch(done.reject);
      };

      const turns = await together(count, (index) =>
        replica(index).transact((tx) => tx.takeTargets(at(index), [heldAs('a')], index % 10)),
      );
      const first = turns.flatMap(({ waitsFor }, index) => (waitsFor ? [] : [index]));
      assert.equal(first.length, 1);
      void run(first[0] ?? 0).catch(done.reject);
      await done.promise;

      assert.equal(new Set(ran).size, count);
      const strengths = ran.slice(1).map((index) => index % 10);
      assert.deepEqual(
        strengths,
        strengths.toSorted((a, b) => b - a),
        'the strongest of those who wait',
      );
    });

    it('never loses a turn between a release and a claim, whatever several cases want at once', async () => {
      const count = 40;
      await open(count);
      const keys = ['a', 'b', 'c', 'd', 'e'];
      const wants = ids.map((_, index) =>
        keys.filter((__, place) => ((index * 7 + 3) >> place) % 2 === 1 || place === index % 5),
      );
      const inUse = new Map<string, number>();
      const ran = new Set<number>();
      const done = Promise.withResolvers<void>();
      const run = async (index: number): Promise<void> => {
        for (const key of wants[index] ?? []) {
          assert.equal(inUse.get(key), undefined, `${key} is changed by one at a time`);
          inUse.set(key, index);
        }
        await new Promise(setImmediate);
        for (const key of wants[index] ?? []) inUse.delete(key);
        ran.add(index);
        if (ran.size === count) done.resolve();
        const places = await replica(index).transact((tx) => tx.releaseTargets(at(index)));
        wake(places);
      };
      const wake = (places: readonly PlaceInLine[]): void => {
        for (const { caseId, waitsFor } of places)
          if (waitsFor === null) void run(ids.indexOf(caseId)).catch(done.reject);
      };

      await together(count, async (index) => {
        const got = await replica(index).transact((tx) =>
          tx.takeTargets(at(index), (wants[index] ?? []).map(heldAs), index % 3),
        );
        if (got.waitsFor === null) void run(index).catch(done.reject);
        wake(got.moved);
      });
      await done.promise;

      assert.equal(ran.size, count);
      for (const key of keys) assert.equal(inUse.get(key), undefined);
    });
  });
}
