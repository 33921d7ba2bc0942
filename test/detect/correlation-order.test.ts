// Whatever the order in which events arrive, and however often: what comes of them is what the definition says of their set.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMemoryWindows } from '../helpers/memory-windows.ts';
import {
  arrivals,
  correlationOf,
  createCounter,
  definition,
  type Happening,
  live,
  RULES,
} from './correlation-arrivals.ts';
import { allRaised, type Counting, isGrowing } from './reference-counts.ts';

const SIZES = { seed: 20_260_302, numRuns: 250 } as const;

const groupsOf = <Event extends { readonly group: string }>(events: readonly Event[]): Event[][] =>
  [...new Set(events.map(({ group }) => group))].map((group) => events.filter((one) => one.group === group));
const raisedOf = (counting: Counting, events: readonly Happening[]) =>
  groupsOf(events).flatMap((group) => allRaised(counting, group));

const memory = () => {
  const windows = createMemoryWindows();
  return { windows, transact: <Result>(work: (given: typeof windows) => Promise<Result>) => work(windows) };
};

describe('Counting in windows, on generated arrivals,', () => {
  it('reports every session that holds, once, with its first event and its count', async () => {
    const sessions = definition(RULES).filter((one) => !isGrowing(one));
    await fc.assert(
      fc.asyncProperty(sessions, arrivals, async (counting, { events, arrivals }) => {
        const { transact } = memory();
        const correlation = correlationOf('counted', counting);

        const { crossed, late } = await live(createCounter(correlation, null, transact), arrivals);

        const reported = crossed.map((one) => `${one.firstId} counts ${one.count}`);
        const expected = raisedOf(counting, events).map((one) => `${one.eventId} counts ${one.count}`);
        assert.deepEqual(reported.toSorted(), expected.toSorted());
        assert.deepEqual(late, []);
      }),
      SIZES,
    );
  });

  it('marks exactly the events that cross, while it forgets nothing that counts', async () => {
    await fc.assert(
      fc.asyncProperty(
        definition(RULES).filter(isGrowing),
        definition(['inner']).filter(isGrowing),
        arrivals,
        async (inner, outer, { events, arrivals }) => {
          const { windows, transact } = memory();
          const [innerOne, outerOne] = [correlationOf('inner', inner), correlationOf('outer', outer)];
          const counter = createCounter(innerOne, outerOne, (work) =>
            transact((given) => work({ ...given, forget: async () => undefined })),
          );

          await live(counter, arrivals);

          const passedOn = raisedOf(inner, events).map(({ eventId }) => eventId);
          assert.deepEqual(await counter.crossedIn(innerOne, ['g', 'h']), passedOn.toSorted());
          const outerEvents = events
            .filter(({ eventId }) => passedOn.includes(eventId))
            .map((event) => ({ ...event, rule: 'inner', group: event.outerGroup }));
          assert.deepEqual(
            await counter.crossedIn(outerOne, ['k', 'l']),
            raisedOf(outer, outerEvents)
              .map(({ eventId }) => eventId)
              .toSorted(),
          );
          await createCounter(innerOne, outerOne, transact).sweep(1_000);
          assert.equal(windows.size(), 0, 'nothing is kept for ever');
        },
      ),
      SIZES,
    );
  });

  it('counts crossings and sessions as events for the correlations that refer to them', async () => {
    await fc.assert(
      fc.asyncProperty(
        definition(RULES),
        definition(['inner']),
        arrivals,
        async (inner, outer, { events, arrivals }) => {
          const { transact } = memory();
          const [innerOne, outerOne] = [correlationOf('inner', inner), correlationOf('outer', outer)];
          const counter = createCounter(innerOne, outerOne, transact);

          const { crossed, late } = await live(counter, arrivals);

          const passedOn = raisedOf(inner, events).map(({ eventId }) => eventId);
          const outerEvents = events
            .filter(({ eventId }) => passedOn.includes(eventId))
            .map((event) => ({ ...event, rule: 'inner', group: event.outerGroup }));
          const expected = raisedOf(outer, outerEvents);
          assert.deepEqual(late, []);
          const reported = crossed.filter((one) => one.correlation.key === 'outer');
          if (isGrowing(outer)) assert.equal(reported.length > 0, expected.length > 0);
          else
            assert.deepEqual(
              reported.map((one) => `${one.firstId} counts ${one.count}`).toSorted(),
              expected.map((one) => `${one.eventId} counts ${one.count}`).toSorted(),
            );
        },
      ),
      SIZES,
    );
  });
});
