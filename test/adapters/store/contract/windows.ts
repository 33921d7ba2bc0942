// The contract for what correlations remember.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import { MAX_WINDOW_EVENTS, type WindowEvent, type Windows } from '../../../../src/ports/windows.ts';
import { sampleAlert } from '../samples.ts';
import { type StoreWorld, together } from './world.ts';

/** Nothing is that old. */
const NONE = -1;
const EVER = Number.MAX_SAFE_INTEGER;

const event = (eventId: string, atMs: number, over: Partial<WindowEvent> = {}): WindowEvent => ({
  eventId,
  atMs,
  rule: 'rule',
  value: '',
  onward: '{}',
  crossed: false,
  ...over,
});

export function describeWindows(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });

  const within = <Result>(work: (windows: Windows) => Promise<Result>): Promise<Result> =>
    store.transact((tx) => work(tx.windows));
  const add = (window: string, ...events: readonly WindowEvent[]) =>
    within(async (windows) => {
      const outcomes: string[] = [];
      for (const one of events) outcomes.push(await windows.add(window, one, NONE));
      return outcomes;
    });
  const idsOf = (window: string, afterMs = NONE, untilMs = EVER) =>
    within(async (windows) => (await windows.read(window, afterMs, untilMs)).map((one) => one.eventId));

  it('keeps an event once, however often it comes', async () => {
    const given = event('a', 5, { rule: 'r', value: 'v', onward: '{"id":"a"}' });

    assert.deepEqual(await add('w', given), ['added']);
    assert.deepEqual(await add('w', given, event('a', 9)), ['known', 'known']);
    assert.deepEqual(await within((windows) => windows.read('w', 0, 10)), [given]);
  });

  it('reads what happened after one time and up to another, by time and then by id', async () => {
    await add('w', event('late', 30), event('B', 20), event('a', 20), event('early', 10));
    await add('other', event('x', 20));

    assert.deepEqual(await idsOf('w'), ['early', 'B', 'a', 'late']);
    assert.deepEqual(await idsOf('w', 10, 20), ['B', 'a']);
  });

  it('remembers which events crossed', async () => {
    await add('w', event('a', 1), event('b', 2), event('c', 3));
    await add('other', event('b', 2));

    await within((windows) => windows.markCrossed('w', ['b', 'c']));
    await within((windows) => windows.markCrossed('w', []));

    const crossed = (window: string) =>
      within(async (windows) => (await windows.read(window, 0, 9)).map((one) => one.crossed));
    assert.deepEqual(await crossed('w'), [false, true, true]);
    assert.deepEqual(await crossed('other'), [false]);
  });

  it('takes any text as a window, an event or a value', async () => {
    const hostile = ['a\0b', '\ud800', 'x'.repeat(5_000), '', "'; drop table window_event; --", 'sha256:1'];

    for (const window of hostile)
      for (const id of hostile) assert.deepEqual(await add(window, event(id, 1, { value: id })), ['added']);

    for (const window of hostile) {
      const events = await within((windows) => windows.read(window, 0, 9));
      assert.equal(new Set(events.map((one) => one.eventId)).size, hostile.length);
      assert.equal(new Set(events.map((one) => one.value)).size, hostile.length);
      await within((windows) =>
        windows.markCrossed(
          window,
          events.map((one) => one.eventId),
        ),
      );
      assert.ok((await within((windows) => windows.read(window, 0, 9))).every((one) => one.crossed));
    }
  });

  it('marks as many events as a window holds', async () => {
    await world().execute(fill('w', MAX_WINDOW_EVENTS));
    const ids = await idsOf('w');

    await within((windows) => windows.markCrossed('w', ids));

    assert.ok((await within((windows) => windows.read('w', NONE, EVER))).every((one) => one.crossed));
  });

  it('takes no more events than a window may hold, until old ones may go', async () => {
    await world().execute(fill('w', MAX_WINDOW_EVENTS - 1));

    assert.deepEqual(await add('w', event('last', 10), event('last', 10), event('one more', 10)), [
      'added',
      'known',
      'full',
    ]);
    assert.deepEqual(await add('other', event('one more', 10)), ['added']);
    assert.equal(await within((windows) => windows.add('w', event('one more', 10), 0)), 'full');
    assert.equal(await within((windows) => windows.add('w', event('one more', 10), 3)), 'added');
    assert.equal((await idsOf('w')).length, MAX_WINDOW_EVENTS - 2, 'those of the times 1, 2 and 3 are gone');
  });

  it('gives back what was deferred once it is due, the earliest first, and to nobody twice', async () => {
    const deferred = await within(async (windows) => [
      await windows.defer('second', 20, '{"n":2}'),
      await windows.defer('first', 10, '{"n":1}'),
      await windows.defer('third', 30, ''),
    ]);
    const take = (nowMs: number, limit = 9) => within((windows) => windows.takeDue(nowMs, limit));

    assert.deepEqual(deferred, [true, true, true]);
    assert.deepEqual(await take(9), []);
    assert.deepEqual(await take(20, 1), [{ key: 'first', body: '{"n":1}' }]);
    assert.deepEqual(await take(30), [
      { key: 'second', body: '{"n":2}' },
      { key: 'third', body: '' },
    ]);
    assert.deepEqual(await take(1_000), []);
  });

  it('keeps what was deferred first, and says so', async () => {
    await within((windows) => windows.defer('a', 10, 'first'));

    assert.equal(await within((windows) => windows.defer('a', 5, 'again')), false);
    assert.deepEqual(await within((windows) => windows.takeDue(9, 9)), []);
    assert.deepEqual(await within((windows) => windows.takeDue(10, 9)), [{ key: 'a', body: 'first' }]);
    assert.equal(await within((windows) => windows.defer('a', 5, 'anew')), true);
  });

  it('forgets what is older than it is told', async () => {
    await add('w', event('a', 9), event('b', 10));
    await add('other', event('c', 1));

    await within((windows) => windows.forget(10));

    assert.deepEqual(await idsOf('w'), ['b']);
    assert.deepEqual(await idsOf('other'), []);
  });

  it('keeps nothing of a transaction that fails: neither the alert nor that it was counted', async () => {
    const alert = sampleAlert();
    await within((windows) => windows.defer('due', 10, 'body'));
    await add('w', event('before', 1));

    const failing = store.transact(async (tx) => {
      await tx.windows.lock('w');
      await tx.findAlert(alert.source, alert.sourceId);
      await tx.windows.add('w', event('lost', 2), NONE);
      await tx.windows.markCrossed('w', ['before']);
      await tx.windows.takeDue(10, 9);
      await tx.windows.defer('lost', 10, '');
      await tx.windows.forget(2);
      await tx.saveAlert(alert, null);
      throw new Error('the power went');
    });

    await assert.rejects(failing);
    assert.deepEqual(await within((windows) => windows.read('w', 0, 9)), [event('before', 1)]);
    assert.deepEqual(await within((windows) => windows.takeDue(10, 9)), [{ key: 'due', body: 'body' }]);
    assert.equal(await store.transact((tx) => tx.findAlert(alert.source, alert.sourceId)), null);
  });

  describe('with two replicas', () => {
    let other: Store;
    beforeEach(async () => {
      other = await world().open();
    });
    const replica = (turn: number): Store => (turn % 2 === 0 ? store : other);

    it('lets one at a time past the lock of a window', async () => {
      let inside = 0;

      await together(20, (turn) =>
        replica(turn).transact(async (tx) => {
          await tx.windows.lock('w');
          assert.equal(++inside, 1);
          await new Promise(setImmediate);
          await tx.windows.add('w', event(`${turn}`, turn), NONE);
          inside--;
        }),
      );

      assert.equal((await idsOf('w')).length, 20);
    });

    it('gives what is due to one of them', async () => {
      await within(async (windows) => {
        for (let turn = 0; turn < 60; turn++) await windows.defer(`${turn}`, turn, '');
      });

      const taken = await together(12, (turn) =>
        replica(turn).transact(async (tx) => {
          const due = await tx.windows.takeDue(100, 7);
          await new Promise(setImmediate);
          return due;
        }),
      );
      const rest = await within((windows) => windows.takeDue(100, 100));

      const keys = [...taken.flat(), ...rest].map((one) => one.key);
      assert.equal(keys.length, 60);
      assert.equal(new Set(keys).size, 60);
    });
  });
}

/** As many events, one a millisecond from 1 on: by SQL, because it is many. */
const fill = (window: string, count: number): string =>
  `insert into window_event (window_id, event_id, at_ms, rule, value, crossed, onward)
   with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
   select '${window}', 'filled ' || n, n, 'rule', '', 0, '{}' from numbers`;
