// The contract for runs, held targets, caps, card copies, people who can be reached, and marks.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { CaseId, CopyId, RunId } from '../../../../src/case/ids.ts';
import type { CapSlot, Reachable } from '../../../../src/ports/case-store.ts';
import { AN_HOUR_MS, sampleCase, sampleCopy, sampleRun } from '../samples.ts';
import { type StoreWorld, WITHOUT_WAITING_AND_CAPS } from './world.ts';

export function describeHoldings(world: () => StoreWorld): void {
  let store: Store;
  let caseId: CaseId;
  let otherId: CaseId;
  beforeEach(async () => {
    store = await world().open();
    const [one, two] = [sampleCase(), sampleCase()];
    [caseId, otherId] = [one.id, two.id];
    await store.transact(async (tx) => {
      await tx.insertCase(one);
      await tx.insertCase(two);
    });
  });

  it('keeps runs in the order in which they were planned, whatever changes later', async () => {
    const first = sampleRun(caseId, { position: 0 });
    const second = sampleRun(caseId, { position: 1 });
    const later = sampleRun(caseId, { position: 0, action: 'entra.user.suspend' });
    await store.transact(async (tx) => {
      await tx.saveRun(second);
      await tx.saveRun(first);
      await tx.saveRun(sampleRun(otherId));
    });
    world().time += 1_000;
    await store.transact((tx) => tx.saveRun(later));
    const changed = { ...first, state: 'verified' as const, before: { acl: null }, says: 'It is private.' };
    await store.transact((tx) => tx.saveRun(changed));

    assert.deepEqual(await store.runsOf(caseId), [changed, second, later]);
    assert.deepEqual(await store.transact((tx) => tx.runsOf(caseId)), [changed, second, later]);
    assert.deepEqual(await store.transact((tx) => tx.findRun(first.id)), changed);
    assert.equal(await store.transact((tx) => tx.findRun('none' as RunId)), null);
  });

  it('names another case that acted on the same target later, for as long as its action stands', async () => {
    const run = sampleRun(caseId, { state: 'verified' });
    const elsewhere = {
      kind: 'bucket',
      account: '123456789012',
      region: 'eu-west-1',
      name: 'other',
    } as const;
    const relying = (one = run) => store.transact((tx) => tx.caseRelyingOn(one));
    const save = (one: typeof run) => store.transact((tx) => tx.saveRun(one));
    await save(sampleRun(otherId, { state: 'verified', target: elsewhere }));
    await save({ ...sampleRun(otherId), state: 'verified' });
    world().time += 1_000;
    await save(run);
    assert.equal(await relying(), null, 'what others did before it does not count, nor does another target');

    world().time += 1_000;
    const later = sampleRun(otherId, { state: 'verified' });
    await save(later);
    assert.equal(await relying(), (await store.readCase(otherId))?.ref);
    assert.equal(await relying(later), null);
    await save({ ...later, state: 'reverted' });
    assert.equal(await relying(), null);
  });

  it('counts what may have been done by when that came out: neither of two cases bars the undo of the other', async () => {
    const run = sampleRun(caseId, { state: 'verified', verifiedAt: '2026-11-21T10:00:05.000Z' });
    const half = sampleRun(otherId, { state: 'kept', verifiedAt: '2026-11-21T10:00:00.000Z' });
    await store.transact((tx) => tx.saveRun(half));
    world().time += 1_000;
    await store.transact((tx) => tx.saveRun(run));

    const relying = (one: typeof run) => store.transact((tx) => tx.caseRelyingOn(one));
    assert.equal(await relying(run), null);
    assert.equal(await relying(half), (await store.readCase(caseId))?.ref);
    const later = { ...half, verifiedAt: '2026-11-21T10:00:10.000Z' };
    await store.transact((tx) => tx.saveRun(later));
    assert.equal(await relying(run), (await store.readCase(otherId))?.ref);
    await store.transact((tx) => tx.saveRun({ ...later, gone: true }));
    assert.equal(await relying(run), null, 'nobody relies on what is gone');
  });

  it('goes by what was proven later, not by what was claimed later: the line lets the strongest go first', async () => {
    const weak = sampleRun(otherId, { state: 'pending' });
    await store.transact((tx) => tx.saveRun(weak));
    world().time += 1_000;
    const strong = sampleRun(caseId, { state: 'verified', verifiedAt: '2026-11-21T10:00:00.000Z' });
    await store.transact((tx) => tx.saveRun(strong));
    const after = { ...weak, state: 'verified', verifiedAt: '2026-11-21T10:00:05.000Z' } as const;
    await store.transact((tx) => tx.saveRun(after));

    const relying = (run: typeof strong) => store.transact((tx) => tx.caseRelyingOn(run));
    assert.equal(await relying(strong), (await store.readCase(otherId))?.ref);
    assert.equal(await relying(after), null);
    await store.transact((tx) => tx.saveRun({ ...after, state: 'executed', verifiedAt: null }));
    assert.equal(await relying(strong), (await store.readCase(otherId))?.ref);
  });

  describe('caps', () => {
    const MINUTE_MS = 60_000;
    const slot = (uses: number, key = 'entra.user.suspend', cap = 20): CapSlot => ({ key, uses, cap });
    const reserve = (slots: readonly CapSlot[], options?: { readonly beyond: boolean }) =>
      store.transact((tx) => tx.reserveSlots(slots, options));

    it('count any hour that slides, not the hour of the clock', async () => {
      world().time = Date.parse('2026-03-02T10:59:00Z');
      assert.deepEqual(await reserve([slot(20)]), []);
      world().time = Date.parse('2026-03-02T11:01:00Z');
      assert.deepEqual(await reserve([slot(20)]), [slot(20)]);
      assert.deepEqual(await reserve([slot(1)]), [slot(1)]);
      assert.deepEqual(await reserve([slot(20, 'another')]), []);

      world().time = Date.parse('2026-03-02T11:59:00Z') - 1;
      assert.deepEqual(await reserve([slot(1)]), [slot(1)]);
      world().time += 1;
      assert.deepEqual(await reserve([slot(20)]), []);
    });

    it('forget each use as its own hour is over', async () => {
      for (let use = 0; use < 4; use++) {
        assert.deepEqual(await reserve([slot(5)]), []);
        world().time += 10 * MINUTE_MS;
      }
      assert.deepEqual(await reserve([slot(1)]), [slot(1)]);
      world().time += 20 * MINUTE_MS;
      assert.deepEqual(await reserve([slot(6)]), [slot(6)]);
      assert.deepEqual(await reserve([slot(5)]), []);
    });

    it('are taken together or not at all', async () => {
      assert.deepEqual(await reserve([slot(1, 'full', 1)]), []);
      assert.deepEqual(await reserve([slot(3, 'free', 3), slot(1, 'full', 1)]), [slot(1, 'full', 1)]);
      assert.deepEqual(await reserve([slot(3, 'free', 3)]), []);
    });

    it('say which are full, and are not used up by that', async () => {
      const full = (slots: readonly CapSlot[]) => store.transact((tx) => tx.fullSlots(slots));
      assert.deepEqual(await full([]), []);
      assert.deepEqual(await full([slot(20)]), []);
      assert.deepEqual(await reserve([slot(20)]), []);

      assert.deepEqual(await full([slot(1), slot(1, 'another')]), [slot(1)]);
      assert.deepEqual(await reserve([slot(20, 'another')]), []);
    });

    it('are used up all the same by whoever may go beyond them', async () => {
      assert.deepEqual(await reserve([slot(30)], { beyond: true }), []);
      world().time += 30 * MINUTE_MS;
      assert.deepEqual(await reserve([slot(1)]), [slot(1)]);
      assert.deepEqual(await reserve([slot(1)], { beyond: true }), []);
      world().time += 30 * MINUTE_MS;
      assert.deepEqual(await reserve([slot(20)]), [slot(20)]);
      assert.deepEqual(await reserve([slot(19)]), []);
    });

    it('get back what a transaction took that failed', async () => {
      const failing = store.transact(async (tx) => {
        await tx.reserveSlots([slot(20)]);
        throw new Error('not claimed after all');
      });
      await assert.rejects(failing, /not claimed/);

      assert.deepEqual(await reserve([slot(20)]), []);
    });

    it('start with what a store of the schema before had used, which only knew the hour', async () => {
      world().time = Date.parse('2026-03-02T10:30:00Z');
      const hour = Math.floor(world().time / AN_HOUR_MS);
      for (const statement of [
        ...WITHOUT_WAITING_AND_CAPS,
        `insert into cap_slot values ('entra.user.suspend', ${hour}, 15)`,
        'delete from migration where version > 3',
      ])
        await world().execute(statement);

      store = await world().open();

      assert.deepEqual(await reserve([slot(6)]), [slot(6)]);
      assert.deepEqual(await reserve([slot(5)]), []);
      world().time = Date.parse('2026-03-02T11:59:59.998Z');
      assert.deepEqual(await reserve([slot(6)]), [slot(6)]);
      world().time += 1;
      assert.deepEqual(await reserve([slot(20)]), []);
    });
  });

  it('keeps card copies, oldest first', async () => {
    const first = sampleCopy(caseId);
    await store.transact((tx) => tx.saveCopy(first));
    world().time += 1;
    const second = sampleCopy(caseId, { reader: 'security' });
    await store.transact(async (tx) => {
      await tx.saveCopy(second);
      await tx.saveCopy(sampleCopy(otherId));
    });
    await store.transact((tx) => tx.saveCopy({ ...first, shownVersion: 7 }));

    assert.deepEqual(await store.copiesOf(caseId), [{ ...first, shownVersion: 7 }, second]);
    await store.transact(async (tx) => {
      await tx.removeCopy(first.id);
      await tx.removeCopy('none' as CopyId);
      assert.deepEqual(await tx.copiesOf(caseId), [second]);
    });
  });

  it('knows where a person of a tenant can be reached, until that is forgotten', async () => {
    const person: Reachable = {
      tenantId: 'tenant',
      id: 'person',
      teamsId: '29:1',
      conversation: { id: 'a:1', serviceUrl: 'https://smba.trafficmanager.net/emea/' },
      locale: 'de-CH',
    };
    await store.saveReachable({ ...person, teamsId: '' });
    await store.saveReachable(person);
    await store.saveReachable({ ...person, tenantId: 'other tenant', teamsId: '29:2' });

    assert.deepEqual(await store.findReachable('tenant', 'person'), person);
    assert.equal(await store.findReachable('tenant', 'nobody'), null);
    await store.forgetReachable('tenant', 'person');
    assert.equal(await store.findReachable('tenant', 'person'), null);
    assert.equal((await store.findReachable('other tenant', 'person'))?.teamsId, '29:2');
  });

  it('keeps the language and the zone of a person who does not say them again, until they say others', async () => {
    const person: Reachable = {
      ...{ tenantId: 'tenant', id: 'person', teamsId: '29:1' },
      conversation: { id: 'a:1', serviceUrl: 'https://smba.trafficmanager.net/emea/' },
    };
    await store.saveReachable({ ...person, locale: 'de-CH', timeZone: 'Europe/Zurich' });
    await store.saveReachable({ ...person, teamsId: '29:2' });
    const silent = await store.findReachable('tenant', 'person');
    await store.saveReachable({ ...person, locale: 'fr-CH' });

    const { locale, timeZone } = (await store.findReachable('tenant', 'person')) ?? {};

    assert.deepEqual([silent?.teamsId, silent?.locale, silent?.timeZone], ['29:2', 'de-CH', 'Europe/Zurich']);
    assert.deepEqual([locale, timeZone], ['fr-CH', 'Europe/Zurich']);
  });

  it('keeps marks across a restart', async () => {
    assert.equal(await store.readMark('graph.watermark'), null);
    await store.writeMark('graph.watermark', '1');
    await store.writeMark('graph.watermark', '2');
    await store.close();

    const again = await world().open();

    assert.equal(await again.readMark('graph.watermark'), '2');
  });
}
