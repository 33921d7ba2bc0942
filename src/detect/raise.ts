// What a count means to people: which policy it raises, how severe, and the sentence that says how many in how long. Pure.
import type { Alert, Fact, Severity } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';
import { MAX_WINDOW_EVENTS } from '../ports/windows.ts';
import type { Correlation } from './compiled.ts';
import type { Crossed, FullWindow, Observed } from './correlate.ts';

/** A policy that asks because of several events. */
export interface Raised {
  readonly policy: Policy;
  readonly severity: Severity;
  /** What is counted together, as a text of bounded length: groups cases where nobody knows the subject. */
  readonly window: string;
  readonly events: number;
  /** ISO 8601 in UTC. */
  readonly since: string;
  readonly fact: Fact;
  /** It counts no more: a matter of its own, and for the security team. */
  readonly full: boolean;
}

export function raisedBy(observed: Observed, alert: Alert): readonly Raised[] {
  const severityOf = (policy: Policy) => (alert.source === 'graph' ? alert.severity : policy.severity);
  const crossed = observed.crossed.map((one) => ({
    policy: one.policy,
    severity: severityOf(one.policy),
    window: one.window,
    events: one.eventIds.length,
    since: new Date(one.sinceMs).toISOString(),
    fact: countFact(one),
    full: false,
  }));
  const full = observed.full.flatMap((one) => (one.policy ? [raisedByFull(one, one.policy, alert)] : []));
  return [...crossed, ...full];
}

/** "12 times in 10 minutes". */
export function countFact({ correlation, count }: Crossed): Fact {
  return {
    label: 'Counted',
    value: `${countText(correlation, count)} in ${durationText(correlation.timespanMs)}`,
  };
}

function countText({ type, rules }: Correlation, count: number): string {
  if (type === 'event_count') return count === 1 ? 'once' : `${count} times`;
  if (type === 'value_count') return count === 1 ? '1 value' : `${count} different values`;
  return `${count} of ${rules.length} kinds of event${type === 'temporal_ordered' ? ', one after the other,' : ''}`;
}

function raisedByFull({ correlation, window }: FullWindow, policy: Policy, alert: Alert): Raised {
  const many = MAX_WINDOW_EVENTS.toLocaleString('en-GB');
  return {
    policy: {
      ...policy,
      securityOnly: true,
      question: `Countersign stopped counting for “${policy.title}” after ${many} events. What is going on here?`,
    },
    severity: alert.source === 'graph' ? alert.severity : policy.severity,
    window: `full ${window}`,
    events: 1,
    since: alert.occurredAt,
    fact: {
      label: 'Counting stopped',
      value: `More than ${many} events that are counted together came within ${durationText(correlation.timespanMs)} and the time that late ones have. What follows is not counted until the first of them are old enough.`,
    },
    full: true,
  };
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "10 minutes", "90 minutes", "1 hour": in the largest unit that leaves no rest. */
export function durationText(ms: number): string {
  const [name, size] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ['millisecond', 1];
  const count = ms / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
