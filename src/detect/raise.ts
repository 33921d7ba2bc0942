// What a count means to people: which policy it raises, how severe, and the sentence that says how many in how long. Pure.

import type { Alert, Fact, Severity } from '../case/alert.ts';
import { durationText } from '../case/duration-text.ts';
import type { Policy } from '../case/policy.ts';
import { MAX_WINDOW_EVENTS } from '../ports/windows.ts';
import type { Correlation } from './compiled.ts';
import type { Crossed, FullWindow, Observed } from './correlate.ts';
import { compareTexts } from './count.ts';
import { severityOf } from './detect.ts';

/** Several events together. */
export interface Counted {
  /** What is counted together, as a text of bounded length. */
  readonly window: string;
  readonly events: number;
  /** When the first of them happened, ISO 8601 in UTC. */
  readonly since: string;
  /** How many in how long. */
  readonly fact: Fact;
  /** The window counts no more: a matter of its own, and for the security team. */
  readonly full: boolean;
}

interface RaisedByCount {
  readonly policy: Policy;
  readonly severity: Severity;
  readonly counted: Counted;
}

export function raisedBy(observed: Observed, alert: Alert): readonly RaisedByCount[] {
  const raise = (policy: Policy, counted: Counted): RaisedByCount => ({
    policy,
    severity: severityOf(policy, alert),
    counted,
  });
  const crossed = oneEach(observed.crossed).map((one) =>
    raise(one.policy, {
      window: one.window,
      events: one.events,
      since: new Date(one.sinceMs).toISOString(),
      fact: countFact(one),
      full: false,
    }),
  );
  const full = observed.full.flatMap((one) =>
    one.policy ? [raise(forSecurity(one.policy), countFull(one, alert))] : [],
  );
  return [...crossed, ...full];
}

/** An event that counts in several windows of a policy (by address, by user) is still one matter: that of the most events. */
function oneEach(crossed: readonly Crossed[]): readonly Crossed[] {
  const ranked = crossed.toSorted(
    (one, other) => other.count - one.count || compareTexts(one.window, other.window),
  );
  return ranked.filter(
    ({ policy }, place) => ranked.findIndex((one) => one.policy.id === policy.id) === place,
  );
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

const MANY = MAX_WINDOW_EVENTS.toLocaleString('en-GB');

const forSecurity = (policy: Policy): Policy => ({
  ...policy,
  securityOnly: true,
  covers: [],
  question: `Countersign stopped counting for “${policy.title}” after ${MANY} events. What is going on here?`,
});

function countFull({ correlation, window }: FullWindow, alert: Alert): Counted {
  const within = durationText(correlation.timespanMs);
  return {
    window: `full ${window}`,
    events: 1,
    since: alert.occurredAt,
    fact: {
      label: 'Counting stopped',
      value: `More than ${MANY} events that count together came within ${within} and the time that late ones have. Further ones are not counted until those are old enough.`,
    },
    full: true,
  };
}
