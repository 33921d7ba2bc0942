// The contract for what makes ingest idempotent.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import { sampleAlert, sampleCase, sampleRun } from '../samples.ts';
import { type StoreWorld, together, WITHOUT_WAITING_AND_CAPS } from './world.ts';

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

  describe('the record of our own calls', () => {
    const ours = (id: string, by = store) => by.transact((tx) => tx.isOurRequest(id));

    it('has what was noted once that resolves, for every replica, and for one that starts later', async () => {
      const other = await world().open();
      await store.noteRequests(['READ1', 'READ2']);
      await store.noteRequests([]);

      for (const by of [store, other, await world().open()])
        assert.deepEqual(await Promise.all(['READ1', 'READ2', 'READ3'].map((id) => ours(id, by))), [
          true,
          true,
          false,
        ]);
    });

    it('takes an id again, from a call or from a run, and ids of any length', async () => {
      const about = sampleCase();
      const long = 'y'.repeat(20_000);
      await store.noteRequests(['REQ1', 'REQ1', long, 'nul \0']);
      await store.noteRequests(['REQ1']);
      await store.transact(async (tx) => {
        await tx.insertCase(about);
        await tx.saveRun(sampleRun(about.id, { state: 'executing', requestIds: ['REQ1', 'REQ2'] }));
      });
      await store.noteRequests(['REQ2']);

      assert.deepEqual(await Promise.all(['REQ1', 'REQ2', long, 'nul \0'].map((id) => ours(id))), [
        true,
        true,
        true,
        true,
      ]);
    });

    it('loses none of many that come at once, from several replicas', async () => {
      const other = await world().open();
      const ids = Array.from({ length: 1_200 }, (_, index) => `MANY${index}`);

      await together(ids.length, (turn) =>
        (turn % 2 === 0 ? store : other).noteRequests([ids[turn] ?? '', ids[turn + 1] ?? 'LAST']),
      );
      await store.noteRequests(Array.from({ length: 12_000 }, (_, index) => `BULK${index}`));

      const known = await store.transact(async (tx) => {
        const missing = [];
        for (const id of [...ids, 'LAST', 'BULK0', 'BULK11999'])
          if (!(await tx.isOurRequest(id))) missing.push(id);
        return missing;
      });
      assert.deepEqual(known, []);
    });

    it('fails for everybody who waits when it cannot be written, and works again afterwards', async () => {
      await world().execute('alter table request_id rename to request_id_gone');
      const outcomes = await Promise.allSettled(['A', 'B', 'C'].map((id) => store.noteRequests([id])));
      await world().execute('alter table request_id_gone rename to request_id');
      await store.noteRequests(['D']);

      assert.deepEqual(
        outcomes.map((one) => one.status),
        ['rejected', 'rejected', 'rejected'],
      );
      assert.deepEqual(await Promise.all(['A', 'D'].map((id) => ours(id))), [false, true]);
    });

    it('is not written from inside a transaction', async () => {
      await assert.rejects(
        store.transact(() => store.noteRequests(['INSIDE'])),
        { code: 'store.nested' },
      );
    });

    it('keeps the ids of runs that a store of the schema before had', async () => {
      const about = sampleCase();
      const run = sampleRun(about.id);
      await store.transact(async (tx) => {
        await tx.insertCase(about);
        await tx.saveRun(run);
      });
      for (const statement of [
        'drop table request_id',
        'create table request_id (request_id text primary key, run_id text not null references run (id))',
        `insert into request_id (request_id, run_id) values ('OLD1', '${run.id}')`,
        ...WITHOUT_WAITING_AND_CAPS,
        'delete from migration where version > 2',
      ])
        await world().execute(statement);

      const newer = await world().open();
      await newer.noteRequests(['NEW1']);

      assert.deepEqual(await Promise.all(['OLD1', 'NEW1', 'NEW2'].map((id) => ours(id, newer))), [
        true,
        true,
        false,
      ]);
    });
  });
}
