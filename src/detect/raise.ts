// What a count means to people: which policy it raises, how severe, and the sentence that says how many in how long. Pure.

import type { Alert, Fact, Severity } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';
import { stoppedQuestion } from '../case/policy-words.ts';
import { type Said, say } from '../case/said.ts';
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
export const countFact = ({ correlation, count }: Crossed): Fact => ({
  label: say('ingest.counted'),
  value: countSaid(correlation, count),
});

function countSaid({ type, rules, timespanMs }: Correlation, n: number): Said {
  const span = { ms: timespanMs };
  if (type === 'event_count') return say('ingest.counted-events', { n, span });
  if (type === 'value_count') return say('ingest.counted-values', { n, span });
  const kinds = { n, of: rules.length, span };
  return type === 'temporal_ordered'
    ? say('ingest.counted-kinds-in-order', kinds)
    : say('ingest.counted-kinds', kinds);
}

const forSecurity = (policy: Policy): Policy => ({
  ...policy,
  securityOnly: true,
  covers: [],
  question: stoppedQuestion(policy.title, MAX_WINDOW_EVENTS),
});

function countFull({ correlation, window }: FullWindow, alert: Alert): Counted {
  return {
    window: `full ${window}`,
    events: 1,
    since: alert.occurredAt,
    fact: {
      label: say('ingest.counting-stopped'),
      value: say('ingest.counting-stopped-why', {
        n: MAX_WINDOW_EVENTS,
        span: { ms: correlation.timespanMs },
      }),
    },
    full: true,
  };
}
