// When a correlation's condition holds: pure functions of a set of events, whatever order they came in.
// Never looks at a clock or a store; both the service and replay count by this.
import type { Correlation, CorrelationType, CountCondition } from './compiled.ts';

/** An event as it is counted. */
export interface Countable {
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** One of the correlation's rules. */
  readonly rule: string;
  /** Of `value_count`: one value or several, a line each. */
  readonly value: string;
}

/** Stands between the values of one event: JSON texts hold no line break. */
export const VALUE_SEPARATOR = '\n';

/** The condition held for the timespan that ends at this event. */
export interface Crossing<Event extends Countable> {
  readonly event: Event;
  readonly count: number;
  /** What was counted: by time, the event itself among it. */
  readonly counted: () => readonly Event[];
}

/** One text for what is to be counted once: the same event twice is one, but for another rule or value it is another. */
export function countKey(type: CorrelationType, event: Countable): string {
  if (type === 'event_count') return event.eventId;
  return JSON.stringify([event.eventId, type === 'value_count' ? event.value : event.rule]);
}

export const byTime = (one: Countable, other: Countable): number =>
  one.atMs - other.atMs || compareTexts(one.eventId, other.eventId);

export const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export function holds(condition: CountCondition, count: number): boolean {
  const { gt, gte, lt, lte, eq, neq } = condition;
  return (
    (gt === undefined || count > gt) &&
    (gte === undefined || count >= gte) &&
    (lt === undefined || count < lt) &&
    (lte === undefined || count <= lte) &&
    (eq === undefined || count === eq) &&
    (neq === undefined || count !== neq)
  );
}

/**
 * The events of one window at which the condition holds for those in `(time - timespan, time]`, ties included.
 * `events` are sorted `byTime`; takes time in proportion to their number.
 */
export function crossings<Event extends Countable>(
  correlation: Correlation,
  events: readonly Event[],
): readonly Crossing<Event>[] {
  const counter = createCounter(correlation);
  const found: Crossing<Event>[] = [];
  let first = 0;
  for (const tied of groupTies(events)) {
    for (const event of tied.events) counter.add(event);
    const afterMs = tied.atMs - correlation.timespanMs;
    for (let old = events[first]; old && old.atMs <= afterMs; old = events[++first]) counter.drop(old);
    const count = counter.count(afterMs);
    const from = first;
    const counted = (): readonly Event[] => events.slice(from, tied.end);
    if (holds(correlation.condition, count))
      for (const event of tied.events) found.push({ event, count, counted });
  }
  return found;
}

/** What the correlation counts in these events, sorted `byTime`, all taken together. */
export function countAll(correlation: Correlation, events: readonly Countable[]): number {
  const counter = createCounter(correlation);
  for (const tied of groupTies(events)) for (const event of tied.events) counter.add(event);
  return counter.count(Number.NEGATIVE_INFINITY);
}

/**
 * Cuts events, sorted `byTime`, into sessions: each starts at the first event that no earlier one covers, and covers what
 * comes in less than the timespan after it.
 */
export function sessions<Event extends Countable>(
  timespanMs: number,
  events: readonly Event[],
): readonly (readonly [Event, ...Event[]])[] {
  const found: [Event, ...Event[]][] = [];
  for (const event of events) {
    const current = found.at(-1);
    if (current && event.atMs < current[0].atMs + timespanMs) current.push(event);
    else found.push([event]);
  }
  return found;
}

function* groupTies<Event extends Countable>(events: readonly Event[]) {
  for (let start = 0; start < events.length; ) {
    const atMs = events[start]?.atMs ?? 0;
    let end = start + 1;
    while (events[end]?.atMs === atMs) end++;
    yield { atMs, end, events: events.slice(start, end) };
    start = end;
  }
}

interface Counter {
  /** In the order of time. */
  add(event: Countable): void;
  drop(event: Countable): void;
  /** Of what was added after `afterMs` and not dropped. */
  count(afterMs: number): number;
}

function createCounter({ type, rules }: Correlation): Counter {
  if (type === 'event_count') return countDistinct((event) => [event.eventId]);
  if (type === 'value_count') return countDistinct((event) => event.value.split(VALUE_SEPARATOR));
  if (type === 'temporal') return countDistinct((event) => [event.rule]);
  return countInOrder(rules);
}

function countDistinct(textsOf: (event: Countable) => readonly string[]): Counter {
  const times = new Map<string, number>();
  return {
    add(event) {
      for (const text of textsOf(event)) times.set(text, (times.get(text) ?? 0) + 1);
    },
    drop(event) {
      for (const text of textsOf(event)) {
        const left = (times.get(text) ?? 0) - 1;
        if (left > 0) times.set(text, left);
        else times.delete(text);
      }
    },
    count: () => times.size,
  };
}

/** The most rules that occur one after the other in their order. `latest[rule][n]`: the latest start of n + 1 of them ending there. */
function countInOrder(rules: readonly string[]): Counter {
  const places = new Map(rules.map((rule, place) => [rule, place]));
  const never = Number.NEGATIVE_INFINITY;
  const latest = rules.map(() => rules.map(() => never));
  let tied: { atMs: number; places: number[] } = { atMs: never, places: [] };

  function extend(place: number, atMs: number): void {
    const own = latest[place] ?? [];
    own[0] = atMs;
    for (let earlier = 0; earlier < place; earlier++) {
      const before = latest[earlier] ?? [];
      for (let length = 1; length <= place; length++)
        own[length] = Math.max(own[length] ?? never, before[length - 1] ?? never);
    }
  }

  return {
    add({ rule, atMs }) {
      const place = places.get(rule);
      if (place === undefined) return;
      if (tied.atMs !== atMs) tied = { atMs, places: [] };
      // Within one instant any order will do: whoever stands later in the rules goes again.
      tied.places = [...new Set([...tied.places, place])].sort((one, other) => one - other);
      for (const again of tied.places) if (again >= place) extend(again, atMs);
    },
    drop: () => undefined,
    count(afterMs) {
      let most = 0;
      for (const own of latest) most = Math.max(most, 1 + own.findLastIndex((start) => start > afterMs));
      return most;
    },
  };
}
