// What a failure means: for whoever decided (what happened, what comes next, whether trying it again is safe), for the operator
// (code, the vendor's words, request id), and while it is tried again by itself. One table over the codes of all ports.

import type { CountersignError } from '../case/errors.ts';
import type { Run, Trouble } from '../case/run.ts';
import { targetLabel } from '../case/target.ts';

export type FailureKind =
  | 'missing-permission'
  | 'protected'
  | 'gone'
  | 'throttled'
  | 'timed-out'
  | 'refused'
  | 'not-in-effect'
  | 'unknown-outcome';

interface Words {
  /** Where the error itself has no sentence for people. */
  readonly happened: string;
  readonly next: string;
  /** Whether doing it again can do no harm. */
  readonly retrySafe: boolean;
}

export const FAILURES: Readonly<Record<FailureKind, Words>> = {
  'missing-permission': {
    happened: 'Countersign is not allowed to do this.',
    next: 'Trying it again is safe, and helps once it has the permission.',
    retrySafe: true,
  },
  protected: {
    happened: 'It is protected.',
    next: 'Trying it again is safe, and changes nothing for as long as that stands.',
    retrySafe: true,
  },
  gone: {
    happened: 'It does not exist any more.',
    next: 'There is nothing left to change, and trying it again is safe.',
    retrySafe: true,
  },
  throttled: {
    happened: 'We were asked to slow down again and again.',
    next: 'It was tried many times and is not tried any more by itself; trying it again is safe.',
    retrySafe: true,
  },
  'timed-out': {
    happened: 'There was no answer.',
    next: 'It was tried many times and is not tried any more by itself; trying it again is safe.',
    retrySafe: true,
  },
  refused: {
    happened: 'The change was not accepted.',
    next: 'Trying it again is safe, but it is likely to be refused again until somebody has looked into it.',
    retrySafe: true,
  },
  'not-in-effect': {
    happened: 'The change is not to be seen.',
    next: 'Trying it again is safe: the world is looked at before anything is repeated.',
    retrySafe: true,
  },
  'unknown-outcome': {
    happened: 'Its outcome is not known.',
    next: 'It may have happened: look before trying it again, because it would be done a second time.',
    retrySafe: false,
  },
};

const KINDS: Readonly<Record<string, FailureKind>> = {
  'graph.forbidden': 'missing-permission',
  'graph.unauthorised': 'missing-permission',
  'aws.forbidden': 'missing-permission',
  'aws.not-listed': 'missing-permission',
  'aws.not-allowed': 'missing-permission',
  'teams.forbidden': 'missing-permission',
  'govern.out-of-bounds': 'protected',
  'govern.refused-at-execution': 'protected',
  'govern.dry-run': 'protected',
  'graph.protected': 'protected',
  'aws.protected': 'protected',
  'graph.not-found': 'gone',
  'aws.no-such-bucket': 'gone',
  'aws.no-such-object': 'gone',
  // AWS says this of a bucket that was deleted and is somebody else's now.
  'aws.wrong-owner': 'gone',
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

/** What is known of a failure. */
export type Failure = Pick<CountersignError, 'code' | 'message' | 'say' | 'requestId'>;

/** A failure that we found ourselves, without an error of anybody's. */
export const ourFailure = (code: string, say: string): Failure => ({
  code,
  message: say,
  say,
  requestId: undefined,
});

/** For whoever decided: what happened, what comes next, and whether trying it again is safe. */
export function managerWords({ code, say }: Failure): string {
  const { happened, next } = FAILURES[failureKind(code)];
  return `${say || happened} ${next}`;
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
    target: targetLabel(run.target),
    code,
    message: message.slice(0, MOST_MESSAGE),
    ...(requestId && { requestId }),
  };
  return [...(troubles ?? []), trouble].slice(-MOST_TROUBLES);
}

const VENDORS: readonly (readonly [string, string])[] = [
  ['aws.', 'AWS'],
  ['graph.', 'Microsoft'],
  ['teams.', 'Microsoft Teams'],
];
const PAUSES = [
  'asks us to slow down. It goes on by itself.',
  'does not answer. It goes on by itself.',
] as const;

/** What the card says while a call that failed is tried again; null where nobody outside is to blame. */
export function pauseLine({ code }: Pick<CountersignError, 'code'>): string | null {
  const vendor = VENDORS.find(([start]) => code.startsWith(start))?.[1];
  const kind = failureKind(code);
  if (!vendor || (kind !== 'throttled' && kind !== 'timed-out')) return null;
  return `${vendor} ${PAUSES[kind === 'throttled' ? 0 : 1]}`;
}

const PAUSE_LINES: ReadonlySet<string> = new Set(
  VENDORS.flatMap(([, vendor]) => PAUSES.map((pause) => `${vendor} ${pause}`)),
);

/** The card's lines once it goes on. */
export const withoutPauses = (outcome: readonly string[]): readonly string[] =>
  outcome.filter((line) => !PAUSE_LINES.has(line));
