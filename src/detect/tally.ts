// Counts what correlations count, in memory, for replay: the same answers as the service's windows, with nothing stored.
// Takes events in any order; bounded in how many it keeps, and says what it had to drop.
import type { Correlation, Observation } from './compiled.ts';
import {
  byTime,
  type Countable,
  compareTexts,
  countAll,
  countKey,
  crossings,
  holds,
  sessions,
} from './count.ts';

export interface TallyEvent<Tag> {
  /** The alert's `sourceId`: the same event twice counts once. */
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The caller's own: comes back with the firing. */
  readonly tag: Tag;
}

/** A correlation with a policy fired: at the first crossing of a burst, or at the first event of a session that was judged. */
export interface Firing<Tag> {
  readonly correlation: Correlation;
  readonly atMs: number;
  readonly tag: Tag;
  readonly count: number;
}

/** What was dropped, and counts for nothing: one group of a correlation, or all of them (null) where they are many and small. */
export interface Dropped {
  readonly correlation: string;
  readonly group: string | null;
  readonly events: number;
}

export interface TallyResult<Tag> {
  /** By time. */
  readonly firings: readonly Firing<Tag>[];
  readonly overflowed: readonly Dropped[];
}

export interface Tally<Tag> {
  add(observation: Observation, event: TallyEvent<Tag>): void;
  /** Once, when all events were added. */
  finish(): TallyResult<Tag>;
}

interface Kept<Tag> extends TallyEvent<Tag>, Countable {
  readonly onward: readonly Observation[];
}
interface Window<Tag> {
  readonly correlation: Correlation;
  readonly group: string;
  readonly events: Map<string, Kept<Tag>>;
}

export const MOST_TALLIED = 1_000_000;
/** A window with less than this share of all that is kept is not worth dropping alone. */
const WORTH_DROPPING = 1 / 1_000;

export function createTally<Tag>(
  correlations: ReadonlyMap<string, Correlation>,
  mostEvents: number = MOST_TALLIED,
): Tally<Tag> {
  const windows = new Map<string, Map<string, Window<Tag>>>();
  const dropped = new Map<string, { correlation: string; group: string | null; events: number }>();
  let kept = 0;

  function add(observation: Observation, event: TallyEvent<Tag>): void {
    const { correlation, group, rule, value, onward } = observation;
    const lost = dropped.get(nameOf(correlation.key, null)) ?? dropped.get(nameOf(correlation.key, group));
    if (lost) {
      lost.events++;
      return;
    }
    const groups = windows.get(correlation.key) ?? new Map<string, Window<Tag>>();
    windows.set(correlation.key, groups);
    const window = groups.get(group) ?? { correlation, group, events: new Map<string, Kept<Tag>>() };
    groups.set(group, window);
    const counted = { ...event, rule, value, onward };
    const key = countKey(correlation.type, counted);
    if (window.events.has(key)) return;
    window.events.set(key, counted);
    kept++;
    if (kept > mostEvents) dropMost();
  }

  function dropMost(): void {
    const all = [...windows.values()].flatMap((groups) => [...groups.values()]);
    const largest = all.reduce((one, other) => (other.events.size > one.events.size ? other : one));
    if (largest.events.size >= mostEvents * WORTH_DROPPING) {
      drop(largest.correlation.key, largest.group);
      return;
    }
    const sizes = [...windows].map(([key, groups]) => ({ key, size: sizeOf(groups.values()) }));
    drop(sizes.reduce((one, other) => (other.size > one.size ? other : one)).key, null);
  }

  function drop(correlation: string, group: string | null): void {
    const groups = windows.get(correlation) ?? new Map<string, Window<Tag>>();
    const gone = [...groups.values()].filter((window) => group === null || window.group === group);
    for (const window of gone) groups.delete(window.group);
    const events = sizeOf(gone);
    kept -= events;
    let before = 0;
    if (group === null)
      for (const [name, one] of dropped)
        if (one.correlation === correlation) {
          before += one.events;
          dropped.delete(name);
        }
    dropped.set(nameOf(correlation, group), { correlation, group, events: events + before });
  }

  function fire(correlation: Correlation): readonly (Firing<Tag> & Countable)[] {
    return [...(windows.get(correlation.key)?.values() ?? [])].flatMap((window) => {
      const events = [...window.events.values()].sort(byTime);
      const crossed = correlation.grows ? crossings(correlation, events) : judgeSessions(correlation, events);
      // Those that refer to it come later, and count every crossing; what is reported is one a burst.
      for (const { event } of crossed) for (const onward of event.onward) add(onward, event);
      return crossed
        .filter(({ event }, place) => {
          const before = crossed[place - 1];
          return !before || before.event.atMs <= event.atMs - correlation.timespanMs;
        })
        .map(({ event, count }) => ({ ...event, correlation, count }));
    });
  }

  return {
    add,
    finish() {
      const firings = innerFirst(correlations).flatMap(fire);
      return {
        firings: firings
          .filter(({ correlation }) => correlation.policy !== null)
          .sort(
            (one, other) => byTime(one, other) || compareTexts(one.correlation.key, other.correlation.key),
          )
          .map(({ correlation, atMs, tag, count }) => ({ correlation, atMs, tag, count })),
        overflowed: [...dropped.values()],
      };
    },
  };
}

const nameOf = (correlation: string, group: string | null): string => JSON.stringify([correlation, group]);

const sizeOf = (windows: Iterable<{ readonly events: ReadonlyMap<string, unknown> }>): number => {
  let size = 0;
  for (const window of windows) size += window.events.size;
  return size;
};

function judgeSessions<Event extends Countable>(correlation: Correlation, events: readonly Event[]) {
  return sessions(correlation.timespanMs, events)
    .map((session) => ({ event: session[0], count: countAll(correlation, session) }))
    .filter(({ count }) => holds(correlation.condition, count));
}

/** Every correlation after those that it refers to. */
function innerFirst(correlations: ReadonlyMap<string, Correlation>): readonly Correlation[] {
  const ordered = new Set<Correlation>();
  const visit = (correlation: Correlation, above: readonly Correlation[]): void => {
    if (ordered.has(correlation) || above.includes(correlation)) return;
    for (const rule of correlation.rules) {
      const inner = correlations.get(rule);
      if (inner) visit(inner, [...above, correlation]);
    }
    ordered.add(correlation);
  };
  for (const correlation of correlations.values()) visit(correlation, []);
  return [...ordered];
}
