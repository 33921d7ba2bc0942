// What correlations make of the windows of a real store: the same from two replicas at once as the definition says of the set.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Store } from '../../../../src/adapters/store/index.ts';
import { type Observed, observe } from '../../../../src/detect/correlate.ts';
import { windowsOf } from '../../../../src/detect/onward.ts';
import type { StoreTransaction } from '../../../../src/ports/case-store.ts';
import {
  arrivals,
  correlationOf,
  createCounter,
  definition,
  type Happening,
  LATENESS_MS,
  MINUTE,
  observationsOf,
  RULES,
} from '../../../detect/correlation-arrivals.ts';
import { allRaised, type Counting, isGrowing } from '../../../detect/reference-counts.ts';
import { sampleAlert } from '../samples.ts';
import { type StoreWorld, together } from './world.ts';

const SIZES = { seed: 20_260_302, numRuns: 12 } as const;
const NOW_MS = 20 * MINUTE;

export function describeCounting(world: () => StoreWorld): void {
  let replicas: readonly [Store, Store];
  beforeEach(async () => {
    replicas = await Promise.all([world().open(), world().open()]);
  });
  const replica = (turn: number): Store => (turn % 2 === 0 ? replicas[0] : replicas[1]);
  let round = 0;

  /** Empties the windows between two generated examples: their alerts are told apart by the round. */
  async function nextRound(): Promise<void> {
    round++;
    for (const table of ['window_event', 'window_due']) await world().execute(`delete from ${table}`);
  }

  /** Every arrival in a transaction of its own, all at once on both replicas; every third one fails before it commits, and comes again. */
  async function deliver(
    given: readonly Happening[],
    inner: ReturnType<typeof correlationOf>,
    outer: ReturnType<typeof correlationOf>,
  ): Promise<readonly Observed[]> {
    const correlations = new Map([inner, outer].map((one) => [one.key, one]));
    const outcomes = await together(given.length, async (turn) => {
      const event = given[turn];
      assert.ok(event);
      const alert = sampleAlert({ sourceId: `${round} ${event.eventId}` });
      const accept = async (tx: StoreTransaction) => {
        const observations = observationsOf(event, inner, outer);
        for (const window of windowsOf(observations)) await tx.windows.lock(window);
        if (await tx.findAlert(alert.source, alert.sourceId, alert.revision)) return null;
        const observed = await observe(observations, { id: event.eventId, atMs: event.atMs }, event.eventId, {
          ...{ windows: tx.windows, correlations, latenessMs: 10 * LATENESS_MS },
          nowMs: NOW_MS,
        });
        await tx.saveAlert(alert, null);
        return observed;
      };
      if (turn % 3 === 0)
        await assert.rejects(
          replica(turn).transact(async (tx) => {
            await accept(tx);
            throw new Error('the power went');
          }),
          /the power went/,
        );
      return replica(turn).transact((tx) => accept(tx));
    });
    return outcomes.flatMap((observed) => observed ?? []);
  }

  const passedOnTo = (outer: string, events: readonly Happening[], ids: readonly string[]) =>
    events
      .filter(({ eventId }) => ids.includes(eventId))
      .map((event) => ({ ...event, rule: outer, group: event.outerGroup }));

  it('crosses at the same events, whichever replica counts what', async () => {
    const growing = (rules: readonly string[]) => definition(rules).filter(isGrowing);
    await fc.assert(
      fc.asyncProperty(
        growing(RULES),
        growing(['inner']),
        arrivals,
        async (one, two, { events, arrivals }) => {
          await nextRound();
          const [inner, outer] = [correlationOf('inner', one), correlationOf('outer', two)];

          const observed = await deliver(
            arrivals.map(({ event }) => event),
            inner,
            outer,
          );

          const counter = createCounter(inner, outer, (work) =>
            replicas[0].transact((tx) => work(tx.windows)),
          );
          const crossed = raisedIds(one, events);
          const outerCrossed = raisedIds(two, passedOnTo('inner', events, crossed));
          assert.deepEqual(await counter.crossedIn(inner, ['g', 'h']), crossed);
          assert.deepEqual(await counter.crossedIn(outer, ['k', 'l']), outerCrossed);
          const fired = new Set(observed.flatMap((each) => each.crossed.map((of) => of.correlation.key)));
          assert.deepEqual(
            [fired.has('inner'), fired.has('outer')],
            [crossed.length > 0, outerCrossed.length > 0],
          );
        },
      ),
      SIZES,
    );
  });

  it('lets no crossing slip between two replicas that count at the same moment', async () => {
    const pair = correlationOf('pair', {
      ...{ type: 'event_count', rules: RULES, timespanMs: MINUTE },
      condition: { gte: 2 },
    });
    for (let window = 0; window < 20; window++) {
      const observed = await together(2, (turn) =>
        replica(turn).transact((tx) => {
          const event = { eventId: `${turn}`, atMs: 0, rule: 'first', group: `${window}`, value: '' };
          return observe(
            observationsOf({ ...event, outerGroup: '' }, pair, null),
            { id: event.eventId, atMs: event.atMs },
            '',
            { windows: tx.windows, correlations: new Map(), latenessMs: LATENESS_MS, nowMs: 0 },
          );
        }),
      );

      assert.deepEqual(
        observed.flatMap(({ crossed }) => crossed.map((one) => one.count)),
        [2],
      );
    }
  });

  it('judges every session once, whoever sweeps', async () => {
    const sessions = definition(RULES).filter((one) => !isGrowing(one));
    await fc.assert(
      fc.asyncProperty(sessions, arrivals, async (counting, { events, arrivals }) => {
        await nextRound();
        const inner = correlationOf('inner', counting);
        const outer = correlationOf('outer', { ...counting, rules: ['inner'], condition: { gte: 99 } });
        await deliver(
          arrivals.map(({ event }) => event),
          inner,
          outer,
        );

        const swept = await together(4, (turn) =>
          createCounter(inner, outer, (work) => replica(turn).transact((tx) => work(tx.windows))).sweep(
            10_000,
          ),
        );

        const reported = swept.flatMap((one) => one.crossed).map((one) => `${one.firstId}: ${one.count}`);
        const expected = groupsOf(events)
          .flatMap((group) => allRaised(counting, group))
          .map((one) => `${one.eventId}: ${one.count}`);
        assert.deepEqual(reported.toSorted(), expected.toSorted());
      }),
      SIZES,
    );
  });
}

const groupsOf = (events: readonly Happening[]): Happening[][] =>
  [...new Set(events.map(({ group }) => group))].map((group) => events.filter((one) => one.group === group));

const raisedIds = (counting: Counting, events: readonly Happening[]): readonly string[] =>
  groupsOf(events)
    .flatMap((group) => allRaised(counting, group))
    .map(({ eventId }) => eventId)
    .toSorted();
