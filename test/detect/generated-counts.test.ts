// Counting in memory against the definition, on random correlations of correlations, in any order, with events repeated.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Policy } from '../../src/case/policy.ts';
import { CORRELATION_TYPES, type Correlation, type Observation } from '../../src/detect/compiled.ts';
import { byTime, crossings } from '../../src/detect/count.ts';
import { createTally } from '../../src/detect/tally.ts';
import {
  allRaised,
  type Counted,
  type Counting,
  crossingIds,
  firstOfBursts,
  isGrowing,
} from './reference-counts.ts';

const RULES = ['first', 'second', 'third'];
const SIZES = { seed: 20_260_112, numRuns: 1_000 } as const;

const condition = fc.oneof(
  fc.record({ gte: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ lt: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ lte: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ eq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ neq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ gte: fc.integer({ min: 1, max: 2 }), lte: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 2 }), neq: fc.integer({ min: 2, max: 3 }) }),
);

const counting = (rules: readonly string[]): fc.Arbitrary<Counting> =>
  fc.record({
    type: fc.constantFrom(...CORRELATION_TYPES),
    rules: fc.constant(rules),
    timespanMs: fc.integer({ min: 1, max: 12 }),
    condition,
  });

interface Happening {
  readonly eventId: string;
  readonly atMs: number;
  /** What it is to the inner correlation: which rules it matched, with the value that each of them counts. */
  readonly inner: readonly { readonly rule: string; readonly group: string; readonly value: string }[];
  /** Group and value of the outer one, for what the inner one passes on and for what it matches directly. */
  readonly outer: { readonly group: string; readonly value: string };
  readonly direct: boolean;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  eventId: fc.integer({ min: 0, max: 40 }).map((id) => `event-${id}`),
  atMs: fc.integer({ min: 0, max: 30 }),
  inner: fc.uniqueArray(
    fc.record({
      rule: fc.constantFrom(...RULES),
      group: fc.constantFrom('g', 'g', 'h', '__proto__'),
      value: fc.constantFrom('', 'v', 'w', 'toString'),
    }),
    { selector: ({ rule }) => rule, maxLength: 2 },
  ),
  outer: fc.record({ group: fc.constantFrom('k', 'l'), value: fc.constantFrom('x', 'y') }),
  direct: fc.boolean(),
});
const happenings = fc.uniqueArray(happening, { selector: ({ eventId }) => eventId, maxLength: 14 });

/** The same events as they may come: in any order, some of them again. */
const arrivals = (events: readonly Happening[]): fc.Arbitrary<Happening[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...events], { minLength: events.length }),
      fc.array(fc.constantFrom(...events), { maxLength: events.length ? 5 : 0 }),
    )
    .map(([all, again]) => [...all, ...again]);

const POLICY = {} as unknown as Policy;
const compiled = (key: string, counting: Counting, policy: Policy | null): Correlation => ({
  ...counting,
  key,
  grows: isGrowing(counting),
  policy,
});

const groupsOf = (events: readonly Counted[]): Counted[][] =>
  [...new Set(events.map(({ group }) => group))].map((group) =>
    events.filter((each) => each.group === group),
  );

function expectedFirings(inner: Counting, outer: Counting, events: readonly Happening[]): string[] {
  const counted = events.flatMap(({ eventId, atMs, inner }) =>
    inner.map((each) => ({ eventId, atMs, ...each })),
  );
  const passedOn = groupsOf(counted).flatMap((group) => allRaised(inner, group));
  const again = events.flatMap(({ eventId, atMs, outer, direct }) => [
    ...(passedOn.some((raised) => raised.eventId === eventId)
      ? [{ eventId, atMs, rule: 'inner', ...outer }]
      : []),
    ...(direct ? [{ eventId, atMs, rule: 'other', ...outer }] : []),
  ]);
  const report = (key: string, counting: Counting, events: readonly Counted[]): string[] =>
    groupsOf(events)
      .flatMap((group) => firstOfBursts(counting, allRaised(counting, group)))
      .map(({ eventId, atMs, count }) => `${key} at ${atMs} by ${eventId} counts ${count}`);
  return [...report('inner', inner, counted), ...report('outer', outer, again)].sort();
}

function tallied(inner: Counting, outer: Counting, arrivals: readonly Happening[]): string[] {
  const innerOne = compiled('inner', inner, POLICY);
  const outerOne = compiled('outer', outer, POLICY);
  const tally = createTally<string>(new Map([outerOne, innerOne].map((each) => [each.key, each])));
  for (const { eventId, atMs, inner, outer, direct } of arrivals) {
    const toOuter = (rule: string): Observation => ({ correlation: outerOne, rule, ...outer, onward: [] });
    const observations = inner.map((each) => ({
      correlation: innerOne,
      ...each,
      onward: [toOuter('inner')],
    }));
    for (const observation of [...observations, ...(direct ? [toOuter('other')] : [])])
      tally.add(observation, { eventId, atMs, tag: eventId });
  }
  const { firings, overflowed } = tally.finish();
  assert.deepEqual(overflowed, []);
  return firings
    .map(({ correlation, atMs, tag, count }) => `${correlation.key} at ${atMs} by ${tag} counts ${count}`)
    .sort();
}

describe('Counting, on generated events,', () => {
  it('crosses at exactly the events at which the definition holds', () => {
    fc.assert(
      fc.property(counting(RULES), happenings, (counting, happenings) => {
        const events = happenings.flatMap(({ eventId, atMs, inner }) =>
          inner.map(({ rule, value }) => ({ eventId, atMs, rule, value, group: 'g', onward: '' })),
        );
        const correlation = compiled('c', counting, null);

        const engine = crossings(correlation, [...events].sort(byTime)).map(({ event }) => event.eventId);

        assert.deepEqual([...new Set(engine)].sort(), [...crossingIds(counting, events)].sort());
      }),
      SIZES,
    );
  });

  it('fires where the definition says, correlations of correlations included, in whatever order events come', () => {
    const all = happenings.chain((events) =>
      fc.tuple(fc.constant(events), events.length ? arrivals(events) : fc.constant([])),
    );
    fc.assert(
      fc.property(counting(RULES), counting(['inner', 'other']), all, (inner, outer, [events, arrivals]) => {
        assert.deepEqual(tallied(inner, outer, arrivals), expectedFirings(inner, outer, events));
      }),
      SIZES,
    );
  });
});
