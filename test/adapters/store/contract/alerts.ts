// The contract for what makes ingest idempotent.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import { sampleAlert, sampleCase, sampleRun } from '../samples.ts';
import type { StoreWorld } from './world.ts';
import { together } from './world.ts';

export function describeAlerts(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });

  it('knows an alert by source and id, with the case that it went to', async () => {
    const about = sampleCase();
    const alert = sampleAlert();

    await store.transact(async (tx) => {
      await tx.saveAlert(alert, about.id);
      await tx.insertCase(about);
    });

    const found = await store.transact((tx) => tx.findAlert('graph', alert.sourceId, alert.revision));
    assert.deepEqual(found, {
      caseId: about.id,
      caseRef: about.ref,
      revision: alert.revision,
      fingerprint: 'first',
      seen: true,
    });
    assert.equal(await store.transact((tx) => tx.findAlert('cloudtrail', alert.sourceId)), null);
    assert.equal(await store.transact((tx) => tx.findAlert('graph', 'another')), null);
  });

  it('knows an alert that no case came of', async () => {
    const alert = sampleAlert({ revision: '' });

    await store.transact((tx) => tx.saveAlert(alert, null));

    const found = await store.transact((tx) => tx.findAlert('graph', alert.sourceId, ''));
    assert.deepEqual(found, { caseId: null, caseRef: null, revision: '', fingerprint: 'first', seen: true });
  });

  it('recognises every revision that it ever stored, in whatever order they return', async () => {
    const alert = sampleAlert({ revision: '1' });
    const seen = (revision?: string) =>
      store.transact(async (tx) => (await tx.findAlert('graph', alert.sourceId, revision))?.seen);
    for (const revision of ['1', '2', '2', '3'])
      await store.transact(async (tx) => {
        await tx.findAlert('graph', alert.sourceId, revision);
        await tx.saveAlert({ ...alert, revision, fingerprint: `of ${revision}` }, null);
      });

    assert.deepEqual(await Promise.all(['1', '2', '3', '4', undefined].map(seen)), [
      true,
      true,
      true,
      false,
      false,
    ]);
    const found = await store.transact((tx) => tx.findAlert('graph', alert.sourceId));
    assert.equal(found?.revision, '3');
    assert.equal(found?.fingerprint, 'of 3');
  });

  it('recognises ids of any length and with any characters', async () => {
    const long = 'y'.repeat(20_000);
    for (const sourceId of [`${long}1`, `${long}2`, 'nul \0', 'nul ']) {
      const alert = sampleAlert({ sourceId });
      assert.equal(await store.transact((tx) => tx.findAlert('graph', sourceId)), null);
      await store.transact((tx) => tx.saveAlert(alert, null));
      const found = await store.transact((tx) => tx.findAlert('graph', sourceId, alert.revision));
      assert.equal(found?.seen, true);
    }
  });

  it('opens one case when replicas receive one alert at the same time', async () => {
    const other = await world().open();
    for (let round = 0; round < 20; round++) {
      const alert = sampleAlert();
      const opened = await together(4, (turn) =>
        (turn % 2 === 0 ? store : other).transact(async (tx) => {
          if (await tx.findAlert('graph', alert.sourceId, alert.revision)) return false;
          const created = sampleCase();
          await tx.insertCase(created);
          await tx.saveAlert(alert, created.id);
          return true;
        }),
      );
      assert.equal(opened.filter(Boolean).length, 1);
    }
    assert.equal((await store.listCases()).length, 20);
  });

  it('recognises the request ids of its own runs, and no others', async () => {
    const about = sampleCase();
    const run = sampleRun(about.id, { state: 'executing' });
    await store.transact(async (tx) => {
      await tx.insertCase(about);
      await tx.saveRun(run);
    });
    const ours = (id: string) => store.transact((tx) => tx.isOurRequest(id));
    assert.equal(await ours('REQ1'), false);

    await store.transact((tx) => tx.saveRun({ ...run, requestIds: ['REQ1'] }));
    await store.transact((tx) => tx.saveRun({ ...run, state: 'executed', requestIds: ['REQ1', 'REQ2'] }));

    assert.deepEqual(await Promise.all(['REQ1', 'REQ2', 'REQ3', ''].map(ours)), [true, true, false, false]);
  });
}
