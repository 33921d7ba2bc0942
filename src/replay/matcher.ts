// Records to matches: evaluates each, and counts what correlations count until all have been seen. Never asks anybody.
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type { Catalogue, Observation } from '../detect/compiled.ts';
import { createTally } from '../detect/tally.ts';
import { toIsoTime } from '../ingest/sources/instant.ts';
import { accountOf, type Description, describe } from './describe.ts';
import { isObject } from './unwrap.ts';

export interface ReplayMatch extends Description {
  readonly policy: Policy;
  readonly file: string;
  /** The record's place in its file, from 0, counted over all records. */
  readonly index: number;
}

/** What an operator has to know of, beside the matches. */
export interface ReplayProblem {
  readonly file: string | null;
  /** Null when it is the file, or the counting, as a whole. */
  readonly index: number | null;
  readonly reason: string;
}

export interface MatcherParts {
  readonly catalogue: Catalogue;
  readonly onMatch: (match: ReplayMatch) => void;
  readonly onProblem: (problem: ReplayProblem) => void;
}

export interface Matcher {
  evaluate(event: JsonObject, file: string, index: number): void;
  /** Once, when all records were evaluated: matches of counted policies, by time. */
  finish(): void;
  readonly matches: number;
  /** Records that would count, but say no time. */
  readonly timeless: number;
}

type Where = Omit<ReplayMatch, 'policy'>;

export function createMatcher({ catalogue, onMatch, onProblem }: MatcherParts): Matcher {
  const tally = createTally<Where>(catalogue.correlations);
  let matches = 0;
  let timeless = 0;

  function match(policy: Policy, where: Where): void {
    matches++;
    onMatch({ policy, ...where });
  }

  function count(observations: readonly Observation[], event: JsonObject, where: Where): void {
    const { eventTime } = event;
    const time = typeof eventTime === 'string' ? toIsoTime(eventTime) : null;
    const { file, index } = where;
    if (time === null) {
      timeless++;
      const policies = [...new Set(observations.map((one) => one.correlation.key))].join(', ');
      onProblem({ file, index, reason: `it has no time, and cannot be counted for ${policies}` });
      return;
    }
    // Without an id, every record is another event.
    const eventId = where.eventId === null ? `${file}#${index}` : `${accountOf(event)}/${where.eventId}`;
    const counted = { eventId, atMs: Date.parse(time), tag: where };
    for (const observation of observations) tally.add(observation, counted);
  }

  return {
    evaluate(event, file, index) {
      // AWS acting for itself, as in live detection. People who act through a service are people.
      if (isObject(event.userIdentity) && event.userIdentity.type === 'AWSService') return;
      const { policies, observations } = catalogue.evaluate('cloudtrail', event);
      if (policies.length === 0 && observations.length === 0) return;
      const where: Where = { ...describe(event), file, index };
      const specific = policies.filter((policy) => !policy.fallback);
      for (const policy of specific.length > 0 ? specific : policies) match(policy, where);
      if (observations.length > 0) count(observations, event, where);
    },
    finish() {
      const { firings, overflowed } = tally.finish();
      for (const { correlation, tag } of firings) if (correlation.policy) match(correlation.policy, tag);
      for (const { correlation, group, events } of overflowed) {
        const what = group === null ? 'all groups' : `the group ${group}`;
        const reason = `${correlation}: ${what} had too many events to keep; ${events} were not counted`;
        onProblem({ file: null, index: null, reason });
      }
    },
    get matches() {
      return matches;
    },
    get timeless() {
      return timeless;
    },
  };
}
