// What a failure means: for whoever decided (what happened, what comes next, whether trying it again is safe), for the operator
// (code, the vendor's words, request id), and while it is tried again by itself. One table over the codes of all ports.

import { type CountersignError, isCountersignError } from '../case/errors.ts';
import type { Run, Trouble } from '../case/run.ts';
import { isPhrase, type Said, sameSaid, say, says } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { targetSaid } from '../case/target-words.ts';

export type FailureKind =
  | 'missing-permission'
  | 'protected'
  | 'gone'
  | 'throttled'
  | 'timed-out'
  | 'refused'
  | 'not-in-effect'
  | 'unknown-outcome';

interface Meaning {
  /** Where the error itself has no sentence for people. */
  readonly happened: Said;
  readonly next: Said;
  /** Whether doing it again can do no harm. */
  readonly retrySafe: boolean;
}

export const FAILURES: Readonly<Record<FailureKind, Meaning>> = {
  'missing-permission': {
    happened: say('govern.happened.missing-permission'),
    next: say('govern.next.missing-permission'),
    retrySafe: true,
  },
  protected: {
    happened: say('govern.happened.protected'),
    next: say('govern.next.protected'),
    retrySafe: true,
  },
  gone: {
    happened: say('govern.happened.gone'),
    next: say('govern.next.gone'),
    retrySafe: true,
  },
  throttled: {
    happened: say('govern.happened.throttled'),
    next: say('govern.next.tried-often'),
    retrySafe: true,
  },
  'timed-out': {
    happened: say('govern.happened.timed-out'),
    next: say('govern.next.tried-often'),
    retrySafe: true,
  },
  refused: {
    happened: say('govern.happened.refused'),
    next: say('govern.next.refused'),
    retrySafe: true,
  },
  'not-in-effect': {
    happened: say('govern.happened.not-in-effect'),
    next: say('govern.next.not-in-effect'),
    retrySafe: true,
  },
  'unknown-outcome': {
    happened: say('govern.happened.unknown-outcome'),
    next: say('govern.next.unknown-outcome'),
    retrySafe: false,
  },
};

const KINDS: Readonly<Record<string, FailureKind>> = {
  'graph.forbidden': 'missing-permission',
  'graph.unauthorised': 'missing-permission',
  'aws.unauthorised': 'missing-permission',
  'aws.forbidden': 'missing-permission',
  'aws.not-listed': 'missing-permission',
  'aws.not-allowed': 'missing-permission',
  'teams.forbidden': 'missing-permission',
  'govern.out-of-bounds': 'protected',
  'govern.refused-at-execution': 'protected',
  'govern.dry-run': 'protected',
  'graph.protected': 'protected',
  'aws.protected': 'protected',
  'aws.denied': 'protected',
  'graph.not-found': 'gone',
  'aws.gone': 'gone',
  'aws.no-such-bucket': 'gone',
  'aws.no-such-object': 'gone',
  'graph.throttled': 'throttled',
  'aws.throttled': 'throttled',
  'teams.throttled': 'throttled',
  'graph.unavailable': 'timed-out',
  'aws.unavailable': 'timed-out',
  'teams.unavailable': 'timed-out',
  'govern.not-found-in-the-world': 'not-in-effect',
  'govern.not-reverted': 'not-in-effect',
  'govern.outcome-unknown': 'unknown-outcome',
};

/** What no line of the table names was refused by somebody, for good. */
export const failureKind = (code: string): FailureKind => KINDS[code] ?? 'refused';

/** What it was about is not there. */
export const isGoneError = (error: unknown): error is CountersignError =>
  isCountersignError(error) && failureKind(error.code) === 'gone';

/** What is known of a failure. */
export type Failure = Pick<CountersignError, 'code' | 'say' | 'requestId'> & { readonly message: Said };

/** A failure that we found ourselves, without an error of anybody's. */
export const ourFailure = (code: string, why: Said): Failure => ({
  code,
  message: why,
  say: why,
  requestId: undefined,
});

/** What the trail keeps of it: the code, and which call the vendor refused. */
export const failureFacts = ({ code, requestId }: Failure) => ({
  reason: code,
  ...(requestId && { failedRequestId: requestId }),
});

/** Beside the chain: the words for the operator, where those for people do not say the same. */
export const failureWords = ({ message, say: why }: Failure): { readonly operator?: Said } =>
  sameSaid(message, why) ? {} : { operator: message };

/** For whoever decided: what happened, what comes next, and whether trying it again is safe. */
export function managerWords({ code, say: why }: Failure): Said {
  const { happened, next } = FAILURES[failureKind(code)];
  return sentences([why || happened, next]);
}

const MOST_TROUBLES = 20;
const MOST_MESSAGE = 500;

/** For the operator: the latest twenty. */
export function withTrouble(
  troubles: readonly Trouble[] | undefined,
  run: Run,
  { code, message, requestId }: Failure,
  at: string,
): readonly Trouble[] {
  const trouble: Trouble = {
    at,
    action: run.action,
    target: targetSaid(run.target),
    code,
    message: isPhrase(message) ? message : message.slice(0, MOST_MESSAGE),
    ...(requestId && { requestId }),
  };
  return [...(troubles ?? []), trouble].slice(-MOST_TROUBLES);
}

const VENDORS: readonly (readonly [string, string])[] = [
  ['aws.', 'AWS'],
  ['graph.', 'Microsoft'],
  ['teams.', 'Microsoft Teams'],
];

/** What the card says while a call that failed is tried again; null where nobody outside is to blame. */
export function pauseLine({ code }: Pick<CountersignError, 'code'>): Said | null {
  const vendor = VENDORS.find(([start]) => code.startsWith(start))?.[1];
  const kind = failureKind(code);
  if (!vendor || (kind !== 'throttled' && kind !== 'timed-out')) return null;
  return kind === 'throttled'
    ? say('govern.paused.slow-down', { vendor })
    : say('govern.paused.no-answer', { vendor });
}

/** As text they stand in cases from before words were kept as messages. */
const isPause = (line: Said): boolean =>
  isPhrase(line)
    ? says(line, 'govern.paused.slow-down') || says(line, 'govern.paused.no-answer')
    : / (?:asks us to slow down|does not answer)\. It goes on by itself\.$/.test(line);

/** The card's lines once it goes on. */
export const withoutPauses = (outcome: readonly Said[]): readonly Said[] =>
  outcome.filter((line) => !isPause(line));
