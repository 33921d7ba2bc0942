// Counting in memory: one firing a burst, and a bound on what is kept.
import assert from 'node:assert/strict';
import { createTally } from '../../src/detect/tally.ts';
import { aCorrelation, MINUTE, observationOf } from './correlation-samples.ts';

const pair = aCorrelation({ condition: { gte: 2 } });
const known = new Map([[pair.key, pair]]);
const event = (eventId: string, atMs: number) => ({ eventId, atMs, tag: `tag of ${eventId}` });

describe('a tally', () => {
  it('fires once a burst, at its first crossing, in the order of time', () => {
    const tally = createTally<string>(known);
    const minutes = [0, 1, 2, 11, 40, 41, 30, 29];
    for (const minute of minutes) tally.add(observationOf(pair), event(`${minute}`, minute * MINUTE));

    const { firings, overflowed } = tally.finish();

    assert.deepEqual(firings, [
      { correlation: pair, atMs: 1 * MINUTE, tag: 'tag of 1', count: 2 },
      { correlation: pair, atMs: 30 * MINUTE, tag: 'tag of 30', count: 2 },
      { correlation: pair, atMs: 41 * MINUTE, tag: 'tag of 41', count: 2 },
    ]);
    assert.deepEqual(overflowed, []);
  });

  it('counts an event once, however often it is added', () => {
    const tally = createTally<string>(known);
    for (let time = 0; time < 3; time++) tally.add(observationOf(pair), event('same', 0));

    assert.deepEqual(tally.finish().firings, []);
  });

  it('does not report what only feeds others', () => {
    const silent = { ...pair, policy: null };
    const tally = createTally<string>(new Map([[silent.key, silent]]));
    for (const id of ['a', 'b']) tally.add(observationOf(silent), event(id, 0));

    assert.deepEqual(tally.finish().firings, []);
  });

  it('drops the window with the most events where it holds too many, says so, and counts the others right', () => {
    const tally = createTally<string>(known, 100);
    tally.add(observationOf(pair, { group: 'quiet' }), event('a', 0));
    for (let count = 0; count < 150; count++)
      tally.add(observationOf(pair, { group: 'storm' }), event(`${count}`, count * 60 * MINUTE));
    tally.add(observationOf(pair, { group: 'quiet' }), event('b', 1));

    const { firings, overflowed } = tally.finish();

    assert.deepEqual(overflowed, [{ correlation: pair.key, group: 'storm', events: 150 }]);
    assert.deepEqual(
      firings.map(({ tag }) => tag),
      ['tag of b'],
    );
  });

  it('drops a correlation whole where it has many windows and none of them is large', () => {
    const other = aCorrelation({ key: 'other', condition: { gte: 2 } });
    const tally = createTally<string>(new Map([...known, [other.key, other]]), 10_000);
    for (const id of ['a', 'b']) tally.add(observationOf(other), event(id, 0));
    for (let count = 0; count < 12_000; count++)
      tally.add(observationOf(pair, { group: `${count}` }), event(`${count}`, 0));

    const { firings, overflowed } = tally.finish();

    assert.deepEqual(overflowed, [{ correlation: pair.key, group: null, events: 12_000 }]);
    assert.deepEqual(
      firings.map(({ correlation }) => correlation.key),
      ['other'],
    );
  });
});
