// Reference for correlations: what crosses, from the definition alone, over the set of all events at once.
import type { CorrelationType, CountCondition } from '../../src/detect/compiled.ts';

/** One event that a correlation counts; the same event may come more than once, and as several rules. */
export interface Counted {
  readonly eventId: string;
  readonly atMs: number;
  readonly rule: string;
  readonly group: string;
  readonly value: string;
}

export interface Counting {
  readonly type: CorrelationType;
  readonly rules: readonly string[];
  readonly timespanMs: number;
  readonly condition: CountCondition;
}

/** Ids of the events at which the condition holds for the timespan that ends there, ties included. */
export function crossingIds(counting: Counting, events: readonly Counted[]): Set<string> {
  const crossing = events.filter((last) => {
    const within = events.filter(
      (event) =>
        event.group === last.group && event.atMs <= last.atMs && event.atMs > last.atMs - counting.timespanMs,
    );
    return conditionHolds(counting.condition, countOf(counting, within));
  });
  return new Set(crossing.map(({ eventId }) => eventId));
}

export function countOf({ type, rules }: Counting, events: readonly Counted[]): number {
  if (type === 'event_count') return new Set(events.map(({ eventId }) => eventId)).size;
  if (type === 'value_count') return new Set(events.map(({ value }) => value)).size;
  if (type === 'temporal') return new Set(events.map(({ rule }) => rule)).size;
  return longestInOrder(rules, events, Number.NEGATIVE_INFINITY);
}

/** How many of the rules, taken in order, have events whose times never go back. Tries every way. */
function longestInOrder(rules: readonly string[], events: readonly Counted[], fromMs: number): number {
  const [first, ...rest] = rules;
  if (first === undefined) return 0;
  const taken = events
    .filter(({ rule, atMs }) => rule === first && atMs >= fromMs)
    .map(({ atMs }) => 1 + longestInOrder(rest, events, atMs));
  return Math.max(longestInOrder(rest, events, fromMs), ...taken);
}

export function conditionHolds(condition: CountCondition, count: number): boolean {
  return (
    (condition.gt === undefined || count > condition.gt) &&
    (condition.gte === undefined || count >= condition.gte) &&
    (condition.lt === undefined || count < condition.lt) &&
    (condition.lte === undefined || count <= condition.lte) &&
    (condition.eq === undefined || count === condition.eq) &&
    (condition.neq === undefined || count !== condition.neq)
  );
}

/** One case's worth: where a correlation with a policy raises its policy. */
export interface Raised {
  readonly eventId: string;
  readonly atMs: number;
  readonly count: number;
}

export const isGrowing = ({ condition }: Counting): boolean =>
  Object.keys(condition).every((key) => key === 'gt' || key === 'gte');

/** Every event at which a correlation holds, of one group: crossings, or first events of the sessions that were judged. */
export function allRaised(counting: Counting, group: readonly Counted[]): Raised[] {
  const events = inOrder(group);
  if (!isGrowing(counting)) return judgedSessions(counting, events);
  const crossing = crossingIds(counting, events);
  return onceEach(events)
    .filter(({ eventId }) => crossing.has(eventId))
    .map(({ eventId, atMs }) => ({
      eventId,
      atMs,
      count: countOf(
        counting,
        events.filter((each) => each.atMs <= atMs && each.atMs > atMs - counting.timespanMs),
      ),
    }));
}

/** A session starts at the first event that no earlier one covers, and covers what comes in less than the timespan. */
function judgedSessions(counting: Counting, events: readonly Counted[]): Raised[] {
  const [first] = events;
  if (!first) return [];
  const session = events.filter(({ atMs }) => atMs < first.atMs + counting.timespanMs);
  const later = events.filter(({ atMs }) => atMs >= first.atMs + counting.timespanMs);
  const count = countOf(counting, session);
  const raised = conditionHolds(counting.condition, count)
    ? [{ eventId: first.eventId, atMs: first.atMs, count }]
    : [];
  return [...raised, ...judgedSessions(counting, later)];
}

/** Of a growing condition, only what the crossing before lies a timespan or more behind: one case a burst. */
export const firstOfBursts = (counting: Counting, raised: readonly Raised[]): Raised[] =>
  raised.filter(({ atMs }, at) => {
    const before = raised[at - 1];
    return !isGrowing(counting) || !before || atMs - before.atMs >= counting.timespanMs;
  });

const inOrder = (events: readonly Counted[]): Counted[] =>
  [...events].sort((one, other) => one.atMs - other.atMs || (one.eventId < other.eventId ? -1 : 1));

const onceEach = (events: readonly Counted[]): Counted[] =>
  events.filter(({ eventId }, at) => events.findIndex((each) => each.eventId === eventId) === at);
