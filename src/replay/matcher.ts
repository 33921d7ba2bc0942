// Records to matches: evaluates each, and counts what correlations count until all have been seen. Never asks anybody.
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type { Catalogue, Observation } from '../detect/compiled.ts';
import { createTally } from '../detect/tally.ts';
import { toIsoTime } from '../ingest/sources/instant.ts';
import { accountOf, type Description, describe } from './describe.ts';
import { isObject } from './unwrap.ts';

export interface ReplayMatch {
  readonly policy: Policy;
  readonly file: string;
  /** The record's place in its file, from 0, counted over all records. */
  readonly index: number;
  /** Who did what to what: worked out for those who ask, and only while `onMatch` runs. */
  describe(): Description;
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
  /** Answers the policies that the event matches, when it counts for nothing else; null otherwise. */
  evaluate(event: JsonObject, file: string, index: number): readonly Policy[] | null;
  /** The same for an event that is known to match these, as another did. */
  recognise(policies: readonly Policy[], file: string, index: number, parse: () => JsonObject): void;
  /** Once, when all records were evaluated: matches of counted policies, by time. */
  finish(): void;
  readonly matches: number;
  /** Records that would count, but say no time. */
  readonly timeless: number;
}

/** An event that is counted, without the record: a million of them may have to be kept. */
interface Counted {
  readonly file: string;
  readonly index: number;
  readonly description: Description;
}

export function createMatcher({ catalogue, onMatch, onProblem }: MatcherParts): Matcher {
  const tally = createTally<Counted>(catalogue.correlations);
  let matches = 0;
  let timeless = 0;

  function match(one: ReplayMatch): void {
    matches++;
    onMatch(one);
  }

  function count(observations: readonly Observation[], event: JsonObject, file: string, index: number): void {
    const { eventTime } = event;
    const time = typeof eventTime === 'string' ? toIsoTime(eventTime) : null;
    if (time === null) {
      timeless++;
      const keys = [...new Set(observations.map((one) => one.correlation.key))].join(', ');
      onProblem({ file, index, reason: `it has no time, and cannot be counted for ${keys}` });
      return;
    }
    const description = kept(describe(event));
    // Without an id, every record is another event.
    const { eventId } = description;
    const counted = {
      eventId: eventId === null ? `${file}#${index}` : `${accountOf(event)}/${eventId}`.slice(0, MOST_KEPT),
      atMs: Date.parse(time),
      tag: { file, index, description },
    };
    for (const observation of observations) tally.add(observation, counted);
  }

  return {
    evaluate(event, file, index) {
      // AWS acting for itself, as in live detection. People who act through a service are people.
      if (isObject(event.userIdentity) && event.userIdentity.type === 'AWSService') return [];
      const { policies, observations } = catalogue.evaluate('cloudtrail', event);
      const telling = mostTelling(policies);
      for (const policy of telling) match({ policy, file, index, describe: () => describe(event) });
      if (observations.length === 0) return telling;
      count(observations, event, file, index);
      return null;
    },
    recognise(policies, file, index, parse) {
      for (const policy of policies) match({ policy, file, index, describe: () => describe(parse()) });
    },
    finish() {
      const { firings, overflowed } = tally.finish();
      // An event may cross in two groups of one policy, such as its address and its user: one match.
      const seen = new Map<Counted, Set<Policy>>();
      for (const { correlation, tag } of firings) {
        const { policy } = correlation;
        const ofEvent = seen.get(tag) ?? new Set();
        seen.set(tag, ofEvent);
        if (policy === null || ofEvent.has(policy)) continue;
        ofEvent.add(policy);
        match({ policy, file: tag.file, index: tag.index, describe: () => tag.description });
      }
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

/** CloudTrail's own ids are 36 characters, names at most a few hundred. */
const MOST_KEPT = 512;

/** As much of each text as any real one has: many events are kept, and what stands in them is not ours to choose. */
function kept({ eventId, subject, target, ...rest }: Description): Description {
  const cut = (text: string): string => text.slice(0, MOST_KEPT);
  return {
    ...rest,
    eventId: eventId === null ? null : cut(eventId),
    subject: cut(subject),
    target: cut(target),
  };
}

/** A fallback counts only where no other policy matches; what comes from outside silences nothing that is built in. */
function mostTelling(policies: readonly Policy[]): readonly Policy[] {
  if (!policies.some((policy) => policy.fallback)) return policies;
  const specific = policies.filter((policy) => !policy.fallback);
  const silences = (fallback: Policy): boolean =>
    specific.some((policy) => !policy.outside || fallback.outside);
  return policies.filter((policy) => !policy.fallback || !silences(policy));
}
