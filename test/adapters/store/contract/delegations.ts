// The contract for who answers in whose place.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { Delegation } from '../../../../src/case/asking.ts';
import type { UserId } from '../../../../src/case/ids.ts';
import { newUserId } from '../samples.ts';
import { type StoreWorld, together } from './world.ts';

const MORNING = '2026-03-02T09:00:00.000Z';
const NOON = '2026-03-02T12:00:00.000Z';
const EVENING = '2026-03-02T18:00:00.000Z';

export function describeDelegations(world: () => StoreWorld): void {
  let store: Store;
  let from: UserId;
  beforeEach(async () => {
    store = await world().open();
    from = newUserId();
  });

  const delegation = (over: Partial<Delegation> = {}): Delegation => ({
    ...{ id: 'AB12CD', from, to: newUserId(), toName: 'Priya Nair', until: EVENING, setAt: MORNING },
    ...over,
  });
  const save = (one: Delegation) => store.transact((tx) => tx.delegations.save(one));
  const of = (at: string, whose = from) => store.transact((tx) => tx.delegations.of(whose, at));
  const revoke = (at: string) => store.transact((tx) => tx.delegations.revoke(from, at));

  it('holds until its end, and not at it', async () => {
    const set = delegation();
    await save(set);

    assert.deepEqual(await of(NOON), set);
    assert.deepEqual(await of('2026-03-02T17:59:59.999Z'), set);
    assert.equal(await of(EVENING), null);
    assert.equal(await of(NOON, newUserId()), null, 'nobody else has set anything');
  });

  it('compares moments, however they are written', async () => {
    const set = delegation({ until: '2026-03-02T18:00:00Z' });
    await save(set);

    assert.deepEqual(await of('2026-03-02T17:59:59.500Z'), set);
    assert.equal(await of('2026-03-02T18:00:00.500Z'), null);
  });

  it('is replaced by what the same person sets next, even by something shorter', async () => {
    const shorter = delegation({ id: 'EF34GH', until: NOON });
    await save(delegation());
    await save(shorter);

    assert.deepEqual(await of('2026-03-02T11:00:00.000Z'), shorter);
    assert.equal(await of(NOON), null);
  });

  it('can be taken back once, and set anew after that', async () => {
    await save(delegation());

    assert.equal(await revoke(NOON), true);
    assert.equal(await of(NOON), null);
    assert.equal(await of(MORNING), null);
    assert.equal(await revoke(NOON), false);

    const anew = delegation({ id: 'EF34GH' });
    await save(anew);
    assert.deepEqual(await of(NOON), anew);
  });

  it('cannot be taken back where there is none in force', async () => {
    assert.equal(await revoke(NOON), false);
    await save(delegation());
    assert.equal(await revoke(EVENING), false);
  });

  it('is taken back once by many replicas at once', async () => {
    await save(delegation());
    const stores = await together(4, () => world().open());

    const revoked = await Promise.all(
      stores.map((one) => one.transact((tx) => tx.delegations.revoke(from, NOON))),
    );

    assert.deepEqual(revoked.filter(Boolean), [true]);
  });

  it('keeps one word a person, whoever is the faster replica', async () => {
    const stores = await together(4, () => world().open());
    const all = stores.map((_, turn) => delegation({ id: `SET${turn}` }));

    await Promise.all(
      stores.map((one, turn) => one.transact((tx) => tx.delegations.save(all[turn] ?? delegation()))),
    );

    const kept = await of(NOON);
    assert.ok(all.some((one) => one.id === kept?.id));
    assert.equal(await revoke(NOON), true);
    assert.equal(await of(NOON), null, 'nothing of the others comes back');
  });

  it('goes with its transaction', async () => {
    await assert.rejects(
      store.transact(async (tx) => {
        await tx.delegations.save(delegation());
        throw new Error('crash');
      }),
    );

    assert.equal(await of(NOON), null);
  });

  it('takes a name that a database would not', async () => {
    const set = delegation({ toName: `\ud800\0${'y'.repeat(5_000)}'; drop table delegation; --` });
    await save(set);

    assert.deepEqual(await of(NOON), set);
  });
}
