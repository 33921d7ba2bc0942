// Whether whoever was asked has kept silent: only who had the question, and a reminder, for as long as they were promised. Pure.
import { readerOf } from '../case/ask-step.ts';
import type { CardCopy, Case } from '../case/case.ts';
import type { Question } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { isShownTo, shownSince } from '../case/shown-since.ts';
import { chasedOf } from './due.ts';
import { addWorkingTime } from './working-time.ts';

/** `remind`: they were not, or nobody knows; the wait begins again, once. `ask`: they cannot be said to have been silent. */
export type Closing =
  | { readonly kind: 'close' | 'remind' | 'ask' }
  | { readonly kind: 'wait'; readonly until: string };

/** For a question whose time is over, and that silence may close. */
export function closingOf(
  about: Case,
  question: Question,
  copies: readonly CardCopy[],
  now: string,
  { asking }: Pick<OperatorSettings, 'asking'>,
): Closing {
  const reader = readerOf(question.approver);
  if (!copies.some((copy) => isShownTo(copy, question.id, reader))) return { kind: 'ask' };
  const { timeOutMs, remindMs } = asking.patience[about.severity];
  const working = question.clock?.working;
  const after = (iso: string, ms: number): string =>
    working
      ? addWorkingTime(iso, ms, { ...working, holidays: asking.holidays })
      : new Date(Date.parse(iso) + ms).toISOString();
  const afterReminder = (iso: string): string =>
    after(iso, timeOutMs > remindMs ? timeOutMs - remindMs : timeOutMs);
  const since = shownSince(copies, question.id, reader);
  const { remindedAt, lateAt } = chasedOf(about, question);
  if (since && remindedAt) {
    const until = later(after(since, timeOutMs), afterReminder(remindedAt));
    return until <= now ? { kind: 'close' } : { kind: 'wait', until };
  }
  if (!lateAt) return { kind: 'remind' };
  const until = afterReminder(lateAt);
  return until <= now ? { kind: 'ask' } : { kind: 'wait', until };
}

const later = (one: string, other: string): string => (one > other ? one : other);
