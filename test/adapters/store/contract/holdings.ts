// The contract for runs, held targets, caps, card copies, people who can be reached, and marks.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { CaseId, CopyId, RunId } from '../../../../src/case/ids.ts';
import type { Reachable } from '../../../../src/ports/case-store.ts';
import { AN_HOUR_MS, sampleCase, sampleCopy, sampleRun } from '../samples.ts';
import type { StoreWorld } from './world.ts';

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

  it('lets one case hold a target, as often as it likes', async () => {
    const hold = (key: string, by: CaseId) => store.transact((tx) => tx.holdTarget(key, by));

    assert.equal(await hold('user:1', caseId), true);
    assert.equal(await hold('user:1', caseId), true);
    assert.equal(await hold('user:1', otherId), false);
    assert.equal(await hold('user:2', otherId), true);
    await store.transact((tx) => tx.releaseTargets(caseId));
    assert.equal(await hold('user:1', otherId), true);
    assert.equal(await hold('user:2', caseId), false, "releasing frees no one else's target");
  });

  it('gives out as many slots as the cap allows in a clock hour, and forgets those of a failed transaction', async () => {
    const reserve = (action = 'entra.user.suspend') => store.transact((tx) => tx.reserveSlot(action, 2));
    await assert.rejects(
      store.transact(async (tx) => {
        await tx.reserveSlot('entra.user.suspend', 2);
        throw new Error('not claimed after all');
      }),
    );

    assert.deepEqual([await reserve(), await reserve(), await reserve()], [true, true, false]);
    assert.equal(await reserve('another'), true);
    world().time += AN_HOUR_MS;
    assert.equal(await reserve(), true);
    assert.equal(await store.transact((tx) => tx.reserveSlot('never', 0)), false);
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

  it('keeps marks across a restart', async () => {
    assert.equal(await store.readMark('graph.watermark'), null);
    await store.writeMark('graph.watermark', '1');
    await store.writeMark('graph.watermark', '2');
    await store.close();

    const again = await world().open();

    assert.equal(await again.readMark('graph.watermark'), '2');
  });
}
