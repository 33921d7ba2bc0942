// Where the edges of a timespan lie, and what counts as what.
import assert from 'node:assert/strict';
import type { Correlation } from '../../src/detect/compiled.ts';
import { type Countable, countAll, countKey, crossings, sessions } from '../../src/detect/count.ts';
import { aCorrelation } from './correlation-samples.ts';

const at = (atMs: number, rule = 'a', value = ''): Countable => ({
  eventId: `${atMs}${rule}`,
  atMs,
  rule,
  value,
});
const idsAt = (correlation: Correlation, ...events: readonly Countable[]) =>
  crossings(correlation, events).map(({ event }) => event.eventId);

describe('a timespan', () => {
  const pair = aCorrelation({ timespanMs: 10, condition: { gte: 2 } });

  it('ends at an event and leaves out what happened exactly one timespan before it', () => {
    assert.deepEqual(idsAt(pair, at(0), at(10)), []);
    assert.deepEqual(idsAt(pair, at(1), at(10)), ['10a']);
  });

  it('counts what happened at the same instant, for each of them', () => {
    assert.deepEqual(idsAt(pair, at(5, 'a'), at(5, 'b')), ['5a', '5b']);
  });

  it('tells what it counted, and since when', () => {
    const [, last] = crossings(pair, [at(0), at(5), at(12)]);

    assert.equal(last?.count, 2);
    assert.deepEqual(
      last?.counted().map(({ atMs }) => atMs),
      [5, 12],
    );
  });
});

describe('temporal correlations', () => {
  const ordered = aCorrelation({
    type: 'temporal_ordered',
    rules: ['a', 'b', 'c'],
    timespanMs: 10,
    condition: { gte: 3 },
  });

  it('hold when every rule was seen, in their order where that is asked for', () => {
    const events = [at(1, 'c'), at(2, 'b'), at(3, 'a')];

    assert.deepEqual(idsAt({ ...ordered, type: 'temporal' }, ...events), ['3a']);
    assert.deepEqual(idsAt(ordered, ...events), []);
    assert.deepEqual(idsAt(ordered, at(1, 'a'), at(2, 'b'), at(3, 'c')), ['3c']);
  });

  it('take events of one instant for ordered, however they are listed', () => {
    assert.deepEqual(idsAt(ordered, at(1, 'c'), at(1, 'b'), at(1, 'a')), ['1c', '1b', '1a']);
  });

  it('begin again when the first of the order has left the timespan', () => {
    assert.deepEqual(idsAt(ordered, at(0, 'a'), at(5, 'b'), at(10, 'c')), []);
    assert.deepEqual(idsAt(ordered, at(0, 'a'), at(5, 'b'), at(7, 'a'), at(8, 'b'), at(10, 'c')), ['10c']);
  });

  it('count how many of the rules came in order', () => {
    assert.equal(countAll(ordered, [at(1, 'b'), at(2, 'c'), at(3, 'a')]), 2);
    assert.equal(countAll(ordered, [at(1, 'x')]), 0);
  });

  it('stay fast in a window that is full', () => {
    const rules = Array.from({ length: 12 }, (_, place) => `rule ${place}`);
    const events = Array.from({ length: 10_000 }, (_, place) => at(place, rules[place % 7]));

    assert.deepEqual(idsAt({ ...ordered, rules, timespanMs: 5_000, condition: { gte: 12 } }, ...events), []);
  });
});

describe('counting', () => {
  it('takes the same event for one, and for another with every value or rule that it has', () => {
    const event = { eventId: 'e', atMs: 0, rule: 'r', value: 'v' };

    assert.equal(
      countKey('event_count', event),
      countKey('event_count', { ...event, rule: 'other', value: 'w' }),
    );
    assert.notEqual(countKey('value_count', event), countKey('value_count', { ...event, value: 'w' }));
    assert.equal(countKey('value_count', event), countKey('value_count', { ...event, rule: 'other' }));
    assert.notEqual(countKey('temporal', event), countKey('temporal', { ...event, rule: 'other' }));
    assert.notEqual(
      countKey('temporal', { ...event, eventId: 'e r', rule: '' }),
      countKey('temporal', { ...event, eventId: 'e', rule: ' r' }),
    );
  });

  it('starts a session at the first event that no earlier session covers', () => {
    const cut = sessions(10, [at(0), at(9), at(10), at(19), at(25)]);

    assert.deepEqual(
      cut.map((session) => session.map(({ atMs }) => atMs)),
      [[0, 9], [10, 19], [25]],
    );
  });
});
