// What is reported beside the crossings themselves: what came too late, what no longer fits, and what comes back later.
import assert from 'node:assert/strict';
import type { Observation } from '../../src/detect/compiled.ts';
import { type Counting, latenessOf, observe } from '../../src/detect/correlate.ts';
import { judgeDue } from '../../src/detect/judge-due.ts';
import { windowOf, windowsOf } from '../../src/detect/onward.ts';
import { createMemoryWindows } from '../helpers/memory-windows.ts';
import { aCorrelation, aPolicy, countingOf, MINUTE, observationOf } from './correlation-samples.ts';

const see = (id: string, atMs: number, counting: Counting, ...observations: readonly Observation[]) =>
  observe(observations, { id, atMs }, `body of ${id}`, counting);

describe('a crossing', () => {
  const three = aCorrelation();
  const deletion = observationOf(three);

  it('says how many events there were, since when, and which was the first', async () => {
    const counting = countingOf([three]);

    await see('a', 1 * MINUTE, counting, deletion);
    assert.deepEqual((await see('b', 2 * MINUTE, counting, deletion)).crossed, []);
    const { crossed } = await see('c', 3 * MINUTE, counting, deletion);

    assert.deepEqual(crossed, [
      {
        correlation: three,
        policy: three.policy,
        count: 3,
        events: 3,
        firstId: 'a',
        sinceMs: 1 * MINUTE,
        window: windowOf(deletion),
      },
    ]);
  });

  it('tells events from what is counted of them', async () => {
    const values = aCorrelation({ type: 'value_count', condition: { gte: 2 } });
    const counting = countingOf([values]);
    const of = (value: string) => observationOf(values, { value });

    await see('a', MINUTE, counting, of('x'));
    await see('b', MINUTE, counting, of('x'));
    const { crossed } = await see('b', MINUTE, counting, of('y'));

    assert.deepEqual(
      crossed.map(({ count, events, firstId }) => ({ count, events, firstId })),
      [{ count: 2, events: 2, firstId: 'a' }],
    );
  });

  it('is reported for every further event, and for none that comes again', async () => {
    const counting = countingOf([three]);
    for (const id of ['a', 'b', 'c']) await see(id, MINUTE, counting, deletion);

    const again = await see('c', MINUTE, counting, deletion);
    const further = await see('d', MINUTE, counting, deletion);

    assert.deepEqual(again.crossed, []);
    assert.deepEqual(
      further.crossed.map((one) => one.count),
      [4],
    );
  });

  it('is not reported by a correlation that only feeds others', async () => {
    const outer = aCorrelation({ key: 'outer', rules: ['inner'], condition: { gte: 1 } });
    const inner = aCorrelation({ key: 'inner', condition: { gte: 2 }, policy: null });
    const observation = observationOf(inner, { onward: [observationOf(outer, { rule: 'inner' })] });
    const counting = countingOf([inner, outer]);

    await see('a', MINUTE, counting, observation);
    const { crossed } = await see('b', 2 * MINUTE, counting, observation);

    assert.deepEqual(
      crossed.map((one) => [one.correlation.key, one.events, one.firstId]),
      [['outer', 1, 'b']],
    );
  });

  it('passes nothing on to a correlation that is no longer there', async () => {
    const outer = aCorrelation({ key: 'outer', rules: ['inner'], condition: { gte: 1 } });
    const inner = aCorrelation({ key: 'inner', condition: { gte: 1 }, policy: null });
    const observation = observationOf(inner, { onward: [observationOf(outer, { rule: 'inner' })] });

    const { crossed } = await see('a', MINUTE, countingOf([inner]), observation);

    assert.deepEqual(crossed, []);
  });
});

describe('an event that comes late', () => {
  const three = aCorrelation();
  const deletion = observationOf(three);
  const NOW = 100 * MINUTE;
  const BOUND = NOW - 40 * MINUTE;

  it('is counted within the timespan and the lateness bound, and reported beyond them', async () => {
    const counting = countingOf([three], NOW);

    assert.deepEqual((await see('in time', BOUND + 1, counting, deletion)).late, []);
    assert.deepEqual((await see('too late', BOUND, counting, deletion)).late, ['many-deletions']);

    assert.equal(counting.windows.size(), 1);
  });

  it('is reported when its session was judged', async () => {
    const few = aCorrelation({ condition: { lte: 1 }, grows: false });
    const windows = createMemoryWindows();
    await see('first', 0, countingOf([few], 0, windows), observationOf(few));
    await judgeDue(countingOf([few], 40 * MINUTE, windows));

    const covered = await see(
      'late',
      9 * MINUTE,
      countingOf([few], 41 * MINUTE, windows),
      observationOf(few),
    );
    const after = await see('next', 10 * MINUTE, countingOf([few], 41 * MINUTE, windows), observationOf(few));

    assert.deepEqual(covered.late, ['many-deletions']);
    assert.deepEqual(after.late, []);
  });

  it('has more time where a session had to end before it', () => {
    const inner = aCorrelation({ key: 'inner', condition: { lte: 1 }, grows: false, timespanMs: 7 * MINUTE });
    const outer = aCorrelation({ key: 'outer', rules: ['inner'] });
    const counting = countingOf([inner, outer]);

    assert.equal(latenessOf(inner, counting), 30 * MINUTE);
    assert.equal(latenessOf(outer, counting), 38 * MINUTE);
  });
});

describe('a window that is full', () => {
  const three = aCorrelation({ condition: { gte: 100 } });
  const deletion = observationOf(three);
  const fill = async (counting: Counting) => {
    for (const id of ['a', 'b', 'c']) await see(id, MINUTE, counting, deletion);
  };

  it('is reported once while it lasts, and counts no more', async () => {
    const windows = createMemoryWindows(3);
    const counting = countingOf([three], MINUTE, windows);
    await fill(counting);

    const first = await see('d', MINUTE, counting, deletion);
    const second = await see('e', 2 * MINUTE, counting, deletion);

    assert.deepEqual(first.full, [{ correlation: three, policy: three.policy, window: windowOf(deletion) }]);
    assert.deepEqual(second.full, []);
    assert.equal(windows.size(), 3);
  });

  it('is reported again when it still is, once its timespan and the lateness bound have passed', async () => {
    const windows = createMemoryWindows(3);
    await fill(countingOf([three], MINUTE, windows));
    await see('d', MINUTE, countingOf([three], MINUTE, windows), deletion);

    const due = await judgeDue(countingOf([three], 41 * MINUTE, windows));
    const again = await see('e', MINUTE + 1, countingOf([three], 41 * MINUTE, windows), deletion);

    assert.deepEqual(due.judged, []);
    assert.equal(again.full.length, 0, 'the old ones made room');
    for (const id of ['f', 'g'])
      await see(id, 2 * MINUTE, countingOf([three], 41 * MINUTE, windows), deletion);
    const once = await see('h', 2 * MINUTE, countingOf([three], 41 * MINUTE, windows), deletion);
    assert.equal(once.full.length, 1);
  });

  it('is a matter of the policy that its correlation feeds', async () => {
    const inner = aCorrelation({ key: 'inner', policy: null });
    const outer = aCorrelation({ key: 'outer', policy: aPolicy('outer') });
    const observation = observationOf(inner, { onward: [observationOf(outer)] });
    const counting = countingOf([inner, outer], 0, createMemoryWindows(0));

    const { full } = await see('a', 0, counting, observation);

    assert.deepEqual(
      full.map((one) => one.policy?.id),
      ['outer'],
    );
  });
});

describe('what is judged later', () => {
  const few = aCorrelation({ condition: { lte: 2 }, grows: false });
  const deletion = observationOf(few);

  it('comes back with what its first event brought, once no more can come, and never again', async () => {
    const windows = createMemoryWindows();
    const counting = countingOf([few], 2 * MINUTE, windows);
    await see('second', 2 * MINUTE, counting, deletion);
    await see('first', 1 * MINUTE, counting, deletion);

    const early = await judgeDue(countingOf([few], 41 * MINUTE - 1, windows));
    const due = await judgeDue(countingOf([few], 42 * MINUTE, windows));
    const later = await judgeDue(countingOf([few], 90 * MINUTE, windows));

    assert.deepEqual(early.judged, []);
    assert.deepEqual(
      due.judged.flatMap(({ body, crossed }) =>
        crossed.map(({ firstId, count }) => ({ body, firstId, count })),
      ),
      [{ body: 'body of first', firstId: 'first', count: 2 }],
    );
    assert.deepEqual(later.judged, []);
  });

  it('is left alone where its correlation is gone, or fires at once by now', async () => {
    for (const now of [[], [{ ...few, grows: true }]]) {
      const windows = createMemoryWindows();
      await see('a', 0, countingOf([few], 0, windows), deletion);

      const { judged } = await judgeDue(countingOf(now, 90 * MINUTE, windows));

      assert.deepEqual(
        judged.flatMap((one) => one.crossed),
        [],
      );
    }
  });
});

describe('windows', () => {
  it('have names of bounded length, different for every group', () => {
    const groups = ['', 'alex', '#', 'x'.repeat(10_000), `${'x'.repeat(10_000)}y`, '\0', '\ud800'];
    const names = groups.map((group) => windowOf(observationOf(aCorrelation(), { group })));

    assert.equal(new Set(names).size, groups.length);
    assert.ok(names.every((name) => name.length <= 200 && name.isWellFormed() && !name.includes('\0')));
    assert.notEqual(
      windowOf(observationOf(aCorrelation({ key: 'a' }), { group: 'b' })),
      windowOf(observationOf(aCorrelation({ key: 'a","b' }), { group: '' })),
    );
  });

  it('are locked in one order, those of correlations of correlations included', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((key) => aCorrelation({ key }));
    assert.ok(a && b && c);
    const given = [observationOf(c), observationOf(b, { onward: [observationOf(a)] })];
    const counting = countingOf([a, b, c]);

    assert.deepEqual(
      windowsOf(given),
      [a, b, c].map((one) => windowOf(observationOf(one))),
    );
    await see('event', 0, counting, ...given);
    assert.deepEqual(
      counting.windows.locks,
      [b, c].map((one) => windowOf(observationOf(one))),
    );
  });
});
