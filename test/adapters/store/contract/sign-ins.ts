// The contract for when somebody last signed in freshly.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import type { UserId } from '../../../../src/case/ids.ts';
import { newUserId } from '../samples.ts';
import { type StoreWorld, together } from './world.ts';

const MORNING = '2026-03-02T09:00:00.000Z';
const NOON = '2026-03-02T12:00:00.000Z';

export function describeSignIns(world: () => StoreWorld): void {
  let store: Store;
  let user: UserId;
  beforeEach(async () => {
    store = await world().open();
    user = newUserId();
  });

  const save = (authTime: string) => store.transact((tx) => tx.signIns.save(user, authTime));
  const latest = (whose = user) => store.transact((tx) => tx.signIns.latest(whose));

  it('knows nothing of who never signed in', async () => {
    await save(NOON);

    assert.equal(await latest(newUserId()), null);
  });

  it('keeps the latest, in whatever order they arrive', async () => {
    await save(MORNING);
    await save(NOON);
    await save(MORNING);

    assert.equal(await latest(), NOON);
  });

  it('keeps the latest of many replicas at once', async () => {
    const stores = await together(4, () => world().open());
    const times = [MORNING, NOON, MORNING, MORNING];

    await Promise.all(
      stores.map((one, turn) => one.transact((tx) => tx.signIns.save(user, times[turn] ?? MORNING))),
    );

    assert.equal(await latest(), NOON);
  });

  it('is there for another replica, and after a restart', async () => {
    await save(NOON);

    const other = await world().open();

    assert.equal(await other.transact((tx) => tx.signIns.latest(user)), NOON);
  });

  it('goes with its transaction', async () => {
    await assert.rejects(
      store.transact(async (tx) => {
        await tx.signIns.save(user, NOON);
        throw new Error('crash');
      }),
    );

    assert.equal(await latest(), null);
  });
}
