// The contract for cases and transactions.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { Case } from '../../../../src/case/case.ts';
import type { UserId } from '../../../../src/case/ids.ts';
import { CASE_STATES, type CaseState, isOpen } from '../../../../src/case/transitions.ts';
import { moved, newCaseId, newUserId, sampleCase } from '../samples.ts';
import { note, type StoreWorld, WITHOUT_WAITING_AND_CAPS } from './world.ts';

const QUARTERLY = { key: 'bucket:123456789012:quarterly-reports', label: 'quarterly-reports' };

export function describeCases(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });
  const insert = (created: Case) => store.transact((tx) => tx.insertCase(created));
  const save = (next: Case) => store.transact((tx) => tx.saveCase(next));

  it('keeps a case as it was given, whatever characters are in it', async () => {
    const created = sampleCase({
      title: 'a\0b \u{1F4A3} \ud800 "quoted" \\ \u202e',
      facts: [{ label: '', value: '\n' }],
    });

    await insert(created);

    assert.deepEqual(await store.readCase(created.id), created);
    assert.equal(await store.readCase(newCaseId()), null);
  });

  it('finds a case by its reference in any letter case', async () => {
    const created = sampleCase({ ref: 'AB12CD34' });

    await insert(created);

    assert.equal((await store.findCase('ab12Cd34'))?.id, created.id);
    assert.equal(await store.findCase('AB12CD35'), null);
    assert.equal(await store.findCase("' or 1=1 --\0"), null);
  });

  it('keeps nothing of a transaction whose work throws', async () => {
    const created = sampleCase();

    const outcome = store.transact(async (tx) => {
      await tx.insertCase(created);
      await tx.addStep(created.id, { kind: 'route', key: '' });
      await tx.audit(created.id, note('case.opened'));
      await tx.holdTargets(created.id, [QUARTERLY]);
      throw new Error('after everything was written');
    });

    await assert.rejects(outcome, /after everything was written/);
    assert.equal(await store.readCase(created.id), null);
    assert.equal(await store.nextDueInMs(), null);
    assert.deepEqual(await store.heads(), []);
    const other = sampleCase();
    await store.transact(async (tx) => {
      await tx.insertCase(other);
      assert.equal(await tx.holdTargets(other.id, [QUARTERLY]), true);
    });
  });

  it('shows a transaction its own writes, and nobody else before the commit', async () => {
    const created = sampleCase();
    const inserted = Promise.withResolvers<void>();
    const looked = Promise.withResolvers<void>();

    const running = store.transact(async (tx) => {
      await tx.insertCase(created);
      assert.equal((await tx.lockCase(created.id))?.id, created.id);
      inserted.resolve();
      await looked.promise;
    });
    await inserted.promise;
    const before = await store.readCase(created.id);
    looked.resolve();
    await running;

    assert.equal(before, null);
    assert.equal((await store.readCase(created.id))?.id, created.id);
  });

  it('refuses to save over a version that is not the one before', async () => {
    const created = sampleCase();
    await insert(created);
    const asking = moved(created, { state: 'asking' });
    await save(asking);

    await assert.rejects(save(asking), { code: 'store.stale' });
    await assert.rejects(save(moved(created, { state: 'closed' })), { code: 'store.stale' });
    await assert.rejects(save({ ...asking, version: 4 }), { code: 'store.stale' });
    assert.deepEqual(await store.readCase(created.id), asking);
  });

  it('refuses a second open case for one group, and lets the transaction join the first', async () => {
    const first = sampleCase({ groupKey: 'policy:subject' });
    await insert(first);
    const second = sampleCase({ groupKey: 'policy:subject' });

    await assert.rejects(insert(second), { code: 'store.twin', retryable: true });
    const joined = await store.transact(async (tx) => {
      await assert.rejects(tx.insertCase(second), { code: 'store.twin' });
      return tx.findOpenCase('policy:subject');
    });

    assert.equal(joined?.id, first.id);
    assert.equal(await store.readCase(second.id), null);
  });

  it('refuses a reference that another case has, so that the caller draws another', async () => {
    await insert(sampleCase({ ref: 'AB12CD34', state: 'closed' }));

    await assert.rejects(insert(sampleCase({ ref: 'AB12CD34' })), { code: 'store.twin', retryable: true });
  });

  it('opens a new case for a group once the one before is no longer open', async () => {
    for (const state of CASE_STATES.filter((one) => !isOpen(one))) {
      const groupKey = `group ${state}`;
      const first = sampleCase({ groupKey });
      await insert(first);
      await save(moved(first, { state }));

      assert.equal(await store.transact((tx) => tx.findOpenCase(groupKey)), null);
      await insert(sampleCase({ groupKey }));
    }
  });

  it('puts nobody in question for what is only monitored, while it is routed and after', async () => {
    for (const state of ['routing', 'monitored'] as const) {
      const id = newUserId();
      const { policy } = sampleCase();
      const subject = { id, name: 'Lee Gu', userPrincipalName: 'lee.gu@contoso.example' };
      await insert(sampleCase({ state, subject, policy: { ...policy, stage: 'monitor' } }));

      assert.equal(await store.isSubjectOfOpenCase(id, newCaseId()), false, state);
    }
  });

  it('puts somebody in question from medium severity, as the case is rated now', async () => {
    for (const [severity, expected] of [
      ['informational', false],
      ['low', false],
      ['medium', true],
      ['high', true],
      ['critical', true],
    ] as const) {
      const id = newUserId();
      const subject = { id, name: 'Lee Gu', userPrincipalName: 'lee.gu@contoso.example' };
      const about = sampleCase({ severity, subject });
      await insert(about);
      assert.equal(await store.isSubjectOfOpenCase(id, newCaseId()), expected, severity);

      await save(moved(about, { severity: expected ? 'low' : 'high' }));
      assert.equal(await store.isSubjectOfOpenCase(id, newCaseId()), !expected, `${severity}, rated anew`);
    }
  });

  describe('the answered case of a group', () => {
    const ANSWERED = '2026-03-02T09:30:00.000Z';
    const LATER = '2026-03-02T10:00:00.000Z';
    const dismissed = (over: Partial<Case> = {}): Case =>
      sampleCase({
        state: 'dismissed',
        groupKey: 'group',
        decisions: [
          { verb: 'dismiss', by: { kind: 'person', id: newUserId(), name: 'Lee Gu' }, at: ANSWERED },
        ],
        ...over,
      });
    const answered = (since: string) => store.transact((tx) => tx.findAnsweredCase('group', since));

    it('is the one that was said to be expected, from that moment on', async () => {
      const one = dismissed();
      await insert(one);

      assert.equal((await answered(ANSWERED))?.id, one.id);
      assert.equal(await answered('2026-03-02T09:30:00.001Z'), null);
      assert.equal(await store.transact((tx) => tx.findAnsweredCase('other', ANSWERED)), null);
    });

    it('is one that was closed as out of scope, but none that was closed otherwise', async () => {
      await insert(sampleCase({ state: 'closed', groupKey: 'group' }));
      assert.equal(await answered(ANSWERED), null);

      const out = sampleCase({
        ...{ state: 'closed', groupKey: 'group' },
        ...{ openedAt: '2026-03-02T09:05:00.000Z', outOfScopeAt: ANSWERED },
      });
      await insert(out);

      assert.equal((await answered(ANSWERED))?.id, out.id);
    });

    for (const state of CASE_STATES.filter((one) => one !== 'dismissed'))
      it(`is none once a later case of the group is ${state}`, async () => {
        await insert(dismissed());
        const later = sampleCase({ groupKey: 'group', openedAt: LATER });
        await insert(later);
        // As the claim leaves it: later matches open a case of their own.
        await save(moved(later, { state, groupKey: `group|claimed:${later.id}` }));

        assert.equal(await answered(ANSWERED), null);
      });
  });

  it('keeps a case that is open again outside its group while a newer one is open for it', async () => {
    const first = sampleCase({ groupKey: 'group' });
    await insert(first);
    const claimed = moved(first, { state: 'executing' });
    await save(claimed);
    const second = sampleCase({ groupKey: 'group' });
    await insert(second);

    const again = moved(claimed, { state: 'routing' });
    await save(again);
    const whileTwo = await store.transact((tx) => tx.findOpenCase('group'));
    await save(moved(second, { state: 'dismissed' }));
    await save(moved(again, { state: 'asking' }));
    const whileOne = await store.transact((tx) => tx.findOpenCase('group'));

    assert.equal(whileTwo?.id, second.id);
    assert.equal(whileOne?.id, first.id);
  });

  it('takes group keys of any length and with any characters', async () => {
    const long = 'x'.repeat(20_000);
    for (const groupKey of [`${long}1`, `${long}2`, 'nul \0', 'nul ', 'half \ud800', 'half \ufffd', '']) {
      const created = sampleCase({ groupKey });
      await insert(created);
      assert.equal((await store.transact((tx) => tx.findOpenCase(groupKey)))?.id, created.id);
    }
  });

  it('lists the newest cases first, by state, and 50 unless told', async () => {
    const all = Array.from({ length: 60 }, (_, minute) =>
      sampleCase({
        state: minute % 2 === 0 ? 'asking' : 'closed',
        openedAt: new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString(),
      }),
    );
    await store.transact(async (tx) => {
      for (const one of all) await tx.insertCase(one);
    });

    const newest = all.toReversed();
    const ids = (cases: readonly Case[]) => cases.map((one) => one.id);
    assert.deepEqual(ids(await store.listCases()), ids(newest.slice(0, 50)));
    assert.deepEqual(ids(await store.listCases({ limit: 2 })), ids(newest.slice(0, 2)));
    const asking = newest.filter((one) => one.state === 'asking');
    assert.deepEqual(ids(await store.listCases({ states: ['asking'] })), ids(asking));
    assert.deepEqual(await store.listCases({ states: [] }), []);
  });

  it('knows the subject of a case under way, from the directory or still from the hint', async () => {
    const underWay: readonly CaseState[] = ['routing', 'asking', 'executing', 'undoing'];
    for (const state of CASE_STATES) {
      const id = newUserId();
      const about = sampleCase({
        state,
        subject: { id, name: 'Lee Gu', userPrincipalName: 'lee.gu@contoso.example' },
      });
      const hinted = newUserId();
      await insert(about);
      await insert(sampleCase({ state, hint: { kind: 'entra', id: hinted.toUpperCase() } }));

      const expected = underWay.includes(state);
      assert.equal(await store.isSubjectOfOpenCase(id, newCaseId()), expected, state);
      assert.equal(await store.isSubjectOfOpenCase(hinted as UserId, newCaseId()), expected, state);
      assert.equal(await store.isSubjectOfOpenCase(id, about.id), false, 'its own case does not count');
      assert.equal(await store.transact((tx) => tx.isSubjectOfOpenCase(id, newCaseId())), expected, state);
    }
  });

  it("refuses every call but the transaction's own inside a transaction", async () => {
    const refused = { code: 'store.nested' };
    await store.transact(async (tx) => {
      await assert.rejects(
        store.transact(async () => undefined),
        refused,
      );
      await assert.rejects(store.readCase(newCaseId()), refused);
      await assert.rejects(store.takeSteps(1, 1000), refused);
      await assert.rejects(store.writeMark('a', 'b'), refused);
      await tx.insertCase(sampleCase());
    });

    assert.equal((await store.listCases()).length, 1);
  });

  it('refuses a call that was not awaited, instead of writing outside of the transaction', async () => {
    const late = await store.transact(async (tx) => () => tx.insertCase(sampleCase()));

    await assert.rejects(late(), { code: 'store.ended' });
    assert.deepEqual(await store.listCases(), []);
  });

  it('refuses a step, a hold, a run and a card of a case that does not exist', async () => {
    const nobody = newCaseId();
    const add = store.transact((tx) => tx.addStep(nobody, { kind: 'route', key: '' }));
    await assert.rejects(add, { code: 'store.failed' });
    const hold = store.transact((tx) => tx.holdTargets(nobody, [QUARTERLY]));
    await assert.rejects(hold, { code: 'store.failed' });
  });

  it('shows a reader beside a running store what is committed, and lets it change nothing', async () => {
    const created = sampleCase();
    await insert(created);

    const reader = await world().open({ readOnly: true });

    assert.equal((await reader.readCase(created.id))?.id, created.id);
    await insert(sampleCase());
    assert.equal((await reader.listCases()).length, 2);
    await assert.rejects(reader.writeMark('a', 'b'), { code: 'store.read-only' });
    await assert.rejects(reader.takeSteps(1, 1000), { code: 'store.read-only' });
  });

  it('reads what was committed before it was closed', async () => {
    const created = sampleCase();
    await insert(created);
    await store.close();

    const reader = await world().open({ readOnly: true });

    assert.equal((await reader.readCase(created.id))?.id, created.id);
  });

  it('brings a database of the first version up to date, with its cases in their groups', async () => {
    const created = sampleCase();
    await insert(created);
    await store.close();
    for (const undone of [
      'drop index cases_group',
      'alter table cases drop column group_key',
      'drop table window_event',
      'drop table window_due',
      ...WITHOUT_WAITING_AND_CAPS,
      'delete from migration where version > 1',
    ])
      await world().execute(undone);
    await assert.rejects(world().open({ readOnly: true }), { code: 'store.older' });

    store = await world().open();

    assert.deepEqual(await store.readCase(created.id), created);
    assert.equal((await store.transact((tx) => tx.findOpenCase(created.groupKey)))?.id, created.id);
    await world().execute(
      `insert into mark (key, value) select 'group', group_key from cases where id = '${created.id}'`,
    );
    assert.equal(await store.readMark('group'), created.groupKey);
    assert.equal(await store.transact((tx) => tx.windows.defer('key', 0, '')), true);
  });

  it('refuses a database of a newer version, for writing and for reading', async () => {
    await world().execute("insert into migration (version, name, applied_at) values (999, 'later', '2030')");

    await assert.rejects(world().open(), { code: 'store.newer' });
    await assert.rejects(world().open({ readOnly: true }), { code: 'store.newer' });
  });
}
