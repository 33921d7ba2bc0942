// Made-up events, the ways in which they may arrive, and a world that counts them minute by minute: for what must come out alike.
import fc from 'fast-check';
import type { Policy } from '../../src/case/policy.ts';
import { CORRELATION_TYPES, type Correlation, type Observation } from '../../src/detect/compiled.ts';
import { type Counting, join, NOTHING, type Observed, observe } from '../../src/detect/correlate.ts';
import { judgeDue, keepMs } from '../../src/detect/judge-due.ts';
import { readOnward, windowOf } from '../../src/detect/onward.ts';
import type { Windows } from '../../src/ports/windows.ts';
import { type Counting as Definition, isGrowing } from './reference-counts.ts';

export const MINUTE = 60_000;
/** Every event arrives within this of its own time. */
export const LATENESS_MS = 20 * MINUTE;
export const RULES = ['first', 'second', 'third'];
const LAST_MINUTE = 40;

export interface Happening {
  readonly eventId: string;
  readonly atMs: number;
  readonly rule: string;
  readonly group: string;
  readonly value: string;
  /** The outer correlation's group. */
  readonly outerGroup: string;
}
export interface Arrival {
  readonly minute: number;
  readonly event: Happening;
}

const condition = fc.oneof(
  fc.record({ gte: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ lte: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ eq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ neq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ gte: fc.integer({ min: 1, max: 2 }), lt: fc.integer({ min: 3, max: 5 }) }),
);

export const definition = (rules: readonly string[]): fc.Arbitrary<Definition> =>
  fc.record({
    type: fc.constantFrom(...CORRELATION_TYPES),
    rules: fc.constant(rules),
    timespanMs: fc.integer({ min: 1, max: 12 }).map((minutes) => minutes * MINUTE),
    condition,
  });

const happenings: fc.Arbitrary<readonly Happening[]> = fc
  .array(
    fc.record({
      atMs: fc.integer({ min: 0, max: LAST_MINUTE }).map((minute) => minute * MINUTE),
      rule: fc.constantFrom(...RULES),
      group: fc.constantFrom('g', 'g', 'h'),
      value: fc.constantFrom('v', 'w', ''),
      outerGroup: fc.constantFrom('k', 'k', 'l'),
    }),
    { maxLength: 14 },
  )
  .map((events) => events.map((event, place) => ({ ...event, eventId: `event-${place + 10}` })));

/** Every event within the lateness bound, some of them again and again. */
export const arrivals: fc.Arbitrary<{
  readonly events: readonly Happening[];
  readonly arrivals: readonly Arrival[];
}> = happenings.chain((events) => {
  const delays = fc.array(fc.integer({ min: 0, max: LATENESS_MS / MINUTE }), {
    minLength: events.length * 2,
    maxLength: events.length * 2,
  });
  return delays.map((minutes) => ({
    events,
    arrivals: [...events, ...events].map((event, place) => ({
      event,
      minute: event.atMs / MINUTE + (minutes[place] ?? 0),
    })),
  }));
});

const POLICY = { id: 'a-policy' } as unknown as Policy;

export const correlationOf = (key: string, definition: Definition): Correlation => ({
  ...definition,
  key,
  grows: isGrowing(definition),
  policy: POLICY,
});

/** What an event is to an inner correlation, and to an outer one that counts the inner one's crossings. */
export function observationsOf(
  event: Happening,
  inner: Correlation,
  outer: Correlation | null,
): Observation[] {
  const { rule, group, value, outerGroup } = event;
  const onward = outer ? [{ correlation: outer, rule: inner.key, group: outerGroup, value, onward: [] }] : [];
  return [{ correlation: inner, rule, group, value, onward }];
}

type Transact = <Result>(work: (windows: Windows) => Promise<Result>) => Promise<Result>;

export interface Counter {
  readonly correlations: ReadonlyMap<string, Correlation>;
  count(arrival: Arrival): Promise<Observed>;
  /** Judges what is due at this minute, and forgets. */
  sweep(minute: number): Promise<Observed>;
  /** Ids of the events that crossed, of all groups, sorted. */
  crossedIn(correlation: Correlation, groups: readonly string[]): Promise<readonly string[]>;
}

export function createCounter(inner: Correlation, outer: Correlation | null, transact: Transact): Counter {
  const correlations = new Map([inner, ...(outer ? [outer] : [])].map((one) => [one.key, one]));
  const at = (windows: Windows, minute: number): Counting => ({
    ...{ windows, correlations, latenessMs: LATENESS_MS },
    nowMs: minute * MINUTE,
  });
  return {
    correlations,
    count: ({ event, minute }) =>
      transact((windows) =>
        observe(
          observationsOf(event, inner, outer),
          { id: event.eventId, atMs: event.atMs },
          event.eventId,
          at(windows, minute),
        ),
      ),
    async sweep(minute) {
      let found = NOTHING;
      for (let more = true; more; ) {
        const round = await transact((windows) => judgeDue(at(windows, minute)));
        found = join([found, ...round.judged]);
        more = round.more;
      }
      await transact((windows) =>
        windows.forget(minute * MINUTE - keepMs({ correlations, latenessMs: LATENESS_MS })),
      );
      return found;
    },
    async crossedIn(correlation, groups) {
      const ids: string[] = [];
      for (const group of groups) {
        const window = windowOf({ correlation, group, rule: '', value: '', onward: [] });
        const events = await transact((windows) => windows.read(window, -1, Number.MAX_SAFE_INTEGER));
        for (const { crossed, onward } of events) if (crossed) ids.push(readOnward(onward, correlations).id);
      }
      return [...new Set(ids)].sort();
    },
  };
}

/** Minute by minute, until nothing more can come of it. */
export async function live(counter: Counter, arrivals: readonly Arrival[]): Promise<Observed> {
  const found: Observed[] = [];
  const longest = Math.max(...[...counter.correlations.values()].map((one) => one.timespanMs)) / MINUTE;
  const last = LAST_MINUTE + (LATENESS_MS / MINUTE) * 2 + longest * 3;
  for (let minute = 0; minute <= last; minute++) {
    for (const arrival of arrivals) if (arrival.minute === minute) found.push(await counter.count(arrival));
    found.push(await counter.sweep(minute));
  }
  return join(found);
}
