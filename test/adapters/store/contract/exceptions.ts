// The contract for what asks nobody for a while.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { Actor } from '../../../../src/case/case.ts';
import type { Exception } from '../../../../src/case/exception.ts';
import { type StoreWorld, together } from './world.ts';

const MORNING = '2026-03-02T09:00:00.000Z';
const NOON = '2026-03-02T12:00:00.000Z';
const EVENING = '2026-03-02T18:00:00.000Z';
const MORGAN: Actor = { kind: 'person', id: 'morgan', name: 'Morgan Reyes' };

export function describeExceptions(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });

  const exception = (over: Partial<Exception> = {}): Exception => ({
    ...{ id: 'AB12CD', kind: 'expected', policies: ['made-public'], subjects: ['alex@contoso.example'] },
    ...{ targets: ['bucket:123456789012:contoso-invoices'], says: 'Alex Chen on contoso-invoices' },
    ...{ upTo: 'medium', by: MORGAN, at: MORNING, until: EVENING, held: 0 },
    ...over,
  });
  const save = (...all: readonly Exception[]) =>
    store.transact(async (tx) => {
      for (const one of all) await tx.exceptions.save(one);
    });
  const inForce = (at: string) => store.transact((tx) => tx.exceptions.inForce(at));
  const find = (id: string) => store.transact((tx) => tx.exceptions.find(id));
  const revoke = (at: string, id = 'AB12CD') => store.transact((tx) => tx.exceptions.revoke(id, MORGAN, at));
  const count = (at: string, id = 'AB12CD') => store.transact((tx) => tx.exceptions.count(id, at));

  it('holds until its end, and not at it', async () => {
    const made = exception();
    await save(made);

    assert.deepEqual(await inForce(NOON), [made]);
    assert.deepEqual(await inForce('2026-03-02T17:59:59.999Z'), [made]);
    assert.deepEqual(await inForce(EVENING), []);
  });

  it('compares moments, however they are written', async () => {
    await save(exception({ until: '2026-03-02T18:00:00Z' }));

    assert.equal((await inForce('2026-03-02T17:59:59.500Z')).length, 1);
    assert.deepEqual(await inForce('2026-03-02T18:00:00.500Z'), []);
  });

  it('lists the newest first, within a transaction and for readers alike', async () => {
    const older = exception();
    const newer = exception({ id: 'EF34GH', at: NOON });
    await save(older, newer);

    assert.deepEqual(await inForce(NOON), [newer, older]);
    assert.deepEqual(await store.exceptionsInForce(NOON), [newer, older]);
  });

  it('is found in any letter case, also once it is over', async () => {
    const made = exception({ until: NOON });
    await save(made);

    assert.deepEqual(await find('ab12cd'), made);
    assert.equal(await find('AB12CE'), null);
  });

  it('is revoked once, and says by whom', async () => {
    await save(exception());

    assert.equal(await revoke(NOON, 'ab12cd'), true);
    assert.equal(await revoke(NOON), false);
    assert.deepEqual((await find('AB12CD'))?.revoked, { by: MORGAN, at: NOON });
    assert.deepEqual(await inForce(NOON), []);
    assert.deepEqual(await store.exceptionsInForce(NOON), []);
  });

  it('cannot be revoked where there is none, or where it is over', async () => {
    assert.equal(await revoke(NOON), false);
    await save(exception());
    assert.equal(await revoke(EVENING), false);
  });

  it('counts what it held back, and holds nothing back once it is over or revoked', async () => {
    await save(exception());

    assert.deepEqual([await count(MORNING), await count(NOON), await count(EVENING)], [true, true, false]);
    assert.deepEqual(await inForce(NOON), [exception({ held: 2, lastAt: NOON })]);
    await revoke(NOON);
    assert.equal(await count(NOON), false);
    assert.equal((await find('AB12CD'))?.held, 2);
    assert.equal(await count(NOON, 'EF34GH'), false, 'there is none');
  });

  it('counts right, whichever replica counts, and counts nothing of what was taken back', async () => {
    await save(exception());
    const replicas = await together(3, () => world().open());

    const counted = await together(30, async (turn) => {
      const replica = replicas[turn % replicas.length] ?? store;
      if (turn % 3 > 0) return replica.transact((tx) => tx.exceptions.count('AB12CD', NOON));
      await assert.rejects(
        replica.transact(async (tx) => {
          await tx.exceptions.count('AB12CD', NOON);
          throw new Error('crash');
        }),
      );
      return null;
    });

    assert.deepEqual([...new Set(counted)].sort(), [null, true]);
    assert.equal((await find('AB12CD'))?.held, 20);
  });

  it('holds nothing back after it was revoked, whoever is the faster replica', async () => {
    await save(exception());
    const [one, other] = [await world().open(), await world().open()];

    const counts = Promise.all(
      Array.from({ length: 20 }, () => one.transact((tx) => tx.exceptions.count('AB12CD', NOON))),
    );
    const revoked = other.transact((tx) => tx.exceptions.revoke('AB12CD', MORGAN, NOON));

    const held = (await counts).filter(Boolean).length;
    assert.equal(await revoked, true);
    assert.equal((await find('AB12CD'))?.held, held);
    assert.equal(await count(NOON), false);
  });

  it('is revoked once by many replicas at once', async () => {
    await save(exception());
    const stores = await together(4, () => world().open());

    const revoked = await Promise.all(
      stores.map((one) => one.transact((tx) => tx.exceptions.revoke('AB12CD', MORGAN, NOON))),
    );

    assert.deepEqual(revoked.filter(Boolean), [true]);
  });

  it('is never replaced by another with the same id', async () => {
    const made = exception();
    await save(made);

    await assert.rejects(save(exception({ subjects: ['sam@contoso.example'] })), {
      name: 'CountersignError',
    });
    assert.deepEqual(await find('AB12CD'), made);
  });

  it('goes with its transaction', async () => {
    await assert.rejects(
      store.transact(async (tx) => {
        await tx.exceptions.save(exception());
        throw new Error('crash');
      }),
    );

    assert.deepEqual(await inForce(NOON), []);
  });

  it('takes words that a database would not', async () => {
    const made = exception({ says: `\ud800\0${'y'.repeat(5_000)}'; drop table exception; --` });
    await save(made);

    assert.deepEqual(await inForce(NOON), [made]);
  });
}
