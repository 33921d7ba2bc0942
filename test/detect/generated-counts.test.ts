// Counting in memory and in windows against the definition: random correlations of correlations, in any order, with repeats.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Correlation } from '../../src/detect/compiled.ts';
import { type Crossed, observe } from '../../src/detect/correlate.ts';
import { byTime, crossings } from '../../src/detect/count.ts';
import { judgeDue } from '../../src/detect/judge-due.ts';
import { createTally } from '../../src/detect/tally.ts';
import { type Counted, type Counting, crossingIds, firstOfBursts, isGrowing } from './reference-counts.ts';
import {
  anyCounting,
  anyHappenings,
  compiledPair,
  countedInside,
  countedOutside,
  type Happening,
  observationsOf,
  RULES,
  raisedOf,
} from './reference-happenings.ts';
import { createListedWindows } from './reference-windows.ts';

const SIZES = { seed: 20_260_112 } as const;
const LATENESS_MS = 15;
/** Sessions of what refers to sessions wait for a sweep that may be a minute late. */
const AT_LAST_MS = 3_600_000;
const OUTER_RULES = ['inner', 'other'];

interface Arrival {
  readonly happening: Happening;
  readonly nowMs: number;
}

/** Each event comes within the lateness bound, some come again. */
const arrivals = anyHappenings.chain((happenings) => {
  const one = (happening: Happening): fc.Arbitrary<Arrival> =>
    fc.integer({ min: 0, max: LATENESS_MS }).map((late) => ({ happening, nowMs: happening.atMs + late }));
  const again = happenings.length
    ? fc.array(fc.constantFrom(...happenings).chain(one), { maxLength: 5 })
    : fc.constant([]);
  return fc.tuple(fc.tuple(...happenings.map(one)), again).map(([first, again]) => ({
    happenings,
    arrivals: [...first, ...again].sort((a, b) => a.nowMs - b.nowMs),
  }));
});

function tallied(pair: readonly [Correlation, Correlation], arrivals: readonly Arrival[]): string[] {
  const tally = createTally<string>(new Map([...pair].reverse().map((each) => [each.key, each])));
  for (const { happening } of arrivals)
    for (const observation of observationsOf(happening, pair))
      tally.add(observation, { eventId: happening.eventId, atMs: happening.atMs, tag: happening.eventId });
  const { firings, overflowed } = tally.finish();
  assert.deepEqual(overflowed, []);
  return firings
    .map(({ correlation, atMs, tag, count }) => `${correlation.key} at ${atMs} by ${tag}: ${count}`)
    .sort();
}

/** As the service does it: windows in a store, time going on, a sweep each millisecond, and one at last for the outer sessions. */
async function served(pair: readonly [Correlation, Correlation], arrivals: readonly Arrival[]) {
  const windows = createListedWindows();
  const correlations = new Map(pair.map((each) => [each.key, each]));
  const crossed: Crossed[] = [];
  for (const nowMs of [...Array(100).keys(), AT_LAST_MS]) {
    const counting = { windows, correlations, nowMs, latenessMs: LATENESS_MS };
    for (const { happening } of arrivals.filter((each) => each.nowMs === nowMs)) {
      const event = { id: happening.eventId, atMs: happening.atMs };
      const observed = await observe(observationsOf(happening, pair), event, happening.eventId, counting);
      assert.deepEqual([observed.full, observed.late], [[], []]);
      crossed.push(...observed.crossed);
    }
    const { judged } = await judgeDue(counting);
    crossed.push(...judged.flatMap((each) => each.crossed));
  }
  return { crossed, marked: windows.kept().filter((each) => each.crossed) };
}

const expectedMarks = (counting: Counting, events: readonly Counted[]): string[] =>
  [...new Set(raisedOf(counting, events).map(({ eventId }) => eventId))].sort();

const expectedSessions = (counting: Counting, events: readonly Counted[]): string[] =>
  raisedOf(counting, events)
    .map(({ atMs, count }) => `since ${atMs}: ${count}`)
    .sort();

describe('Counting, on generated events,', () => {
  it('crosses at exactly the events at which the definition holds', () => {
    fc.assert(
      fc.property(anyCounting(RULES), anyHappenings, (counting, happenings) => {
        const events = countedInside(happenings).map((each) => ({ ...each, group: 'g', onward: '' }));
        const correlation = { ...counting, key: 'c', grows: isGrowing(counting), policy: null };

        const engine = crossings(correlation, [...events].sort(byTime)).map(({ event }) => event.eventId);

        assert.deepEqual([...new Set(engine)].sort(), [...crossingIds(counting, events)].sort());
      }),
      { ...SIZES, numRuns: 1_000 },
    );
  });

  it('fires in memory where the definition says, whatever the order and the repeats', () => {
    fc.assert(
      fc.property(
        anyCounting(RULES),
        anyCounting(OUTER_RULES),
        arrivals,
        (inner, outer, { happenings, arrivals }) => {
          const report = (key: string, counting: Counting, events: readonly Counted[]): string[] =>
            raisedOf(counting, events, firstOfBursts).map(
              ({ eventId, atMs, count }) => `${key} at ${atMs} by ${eventId}: ${count}`,
            );

          assert.deepEqual(
            tallied(compiledPair(inner, outer), arrivals),
            [
              ...report('inner', inner, countedInside(happenings)),
              ...report('outer', outer, countedOutside(inner, happenings)),
            ].sort(),
          );
        },
      ),
      { ...SIZES, numRuns: 1_000 },
    );
  });

  it('marks and judges in windows what the definition says, whatever the order and the repeats', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCounting(RULES),
        anyCounting(OUTER_RULES),
        arrivals,
        async (inner, outer, { happenings, arrivals }) => {
          const pair = compiledPair(inner, outer);
          const { crossed, marked } = await served(pair, arrivals);
          const parts = [
            ['inner', inner, countedInside(happenings)],
            ['outer', outer, countedOutside(inner, happenings)],
          ] as const;

          for (const [key, counting, events] of parts) {
            const reports = crossed.filter(({ correlation }) => correlation.key === key);
            if (isGrowing(counting)) {
              const own = marked.filter(({ rule }) => counting.rules.includes(rule));
              const ids = own.map(({ onward }) => (JSON.parse(onward) as { id: string }).id);
              assert.deepEqual([...new Set(ids)].sort(), expectedMarks(counting, events), key);
              assert.equal(reports.length > 0, ids.length > 0, `${key} is reported`);
            } else
              assert.deepEqual(
                reports.map(({ sinceMs, count }) => `since ${sinceMs}: ${count}`).sort(),
                expectedSessions(counting, events),
                key,
              );
          }
        },
      ),
      { ...SIZES, numRuns: 1_000 },
    );
  });
});
