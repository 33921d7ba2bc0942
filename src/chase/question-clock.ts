// When a question is chased: three moments, worked out when it is asked, that whoever runs by then only has to look at.
import type { OnTimeOut, QuestionClock } from '../case/asking.ts';
import { awaitsOf, type Case, type Decision } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { Approver, Question } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { Calendar, Calendars } from '../ports/calendars.ts';
import { type Asked, onSilence, wasVoid } from './silence.ts';
import { addWorkingTime, isTimeZone, type WorkingTime } from './working-time.ts';

/** What was shown has changed since: the fresh plan is carried out soon, or it changes once more. */
const ANEW_MS = 60_000;

export type AskedAt = Asked & Pick<Question, 'askedAt'>;

/** `calendar`: of the first who is asked; null where it cannot be read, and for the security team. `about` still carries the question before. */
export function clockOf(
  about: Case,
  asked: AskedAt,
  calendar: Calendar | null,
  settings: OperatorSettings,
): QuestionClock {
  const onTimeOut = onSilence(about, asked, settings);
  return notPutOff(
    about,
    asked,
    freshClock(about, asked, onTimeOut, workingTimeOf(calendar, settings), settings),
  );
}

function freshClock(
  about: Case,
  { approver, askedAt }: AskedAt,
  onTimeOut: OnTimeOut,
  working: WorkingTime,
  { asking }: OperatorSettings,
): QuestionClock {
  if (approver.kind === 'subject') return allAt(later(askedAt, asking.subjectFirstMs), onTimeOut);
  if (onTimeOut === 'contain' && wasVoid(about)) return allAt(later(askedAt, ANEW_MS), onTimeOut);
  const { hours, remindMs, escalateMs, timeOutMs } = asking.patience[about.severity];
  const after = (ms: number): string =>
    hours === 'working' ? addWorkingTime(askedAt, ms, working) : later(askedAt, ms);
  return {
    remindAt: after(remindMs),
    escalateAt: after(escalateMs),
    timeOutAt: after(timeOutMs),
    onTimeOut,
    ...(hours === 'working' && { working: { timeZone: working.timeZone, hours: working.hours } }),
  };
}

/** Reads the mailbox, so never inside a transaction. What cannot be read now says nothing: nobody is asked later for it. */
export const createClockFor =
  (parts: { readonly calendars: Calendars; readonly settings: OperatorSettings }) =>
  async (about: Case, asked: AskedAt): Promise<QuestionClock> => {
    const { approver } = asked;
    const calendar =
      approver.kind === 'person' ? await parts.calendars.calendarOf(approver.id).catch(unreadable) : null;
    return clockOf(about, asked, calendar, parts.settings);
  };

function unreadable(error: unknown): null {
  if (isCountersignError(error)) return null;
  throw error;
}

/** The mailbox's own hours and zone, else the operator's. */
function workingTimeOf(calendar: Calendar | null, { asking, timeZone }: OperatorSettings): WorkingTime {
  return {
    timeZone: isTimeZone(calendar?.timeZone) ? calendar.timeZone : timeZone,
    hours: calendar?.hours ?? asking.workingHours,
    holidays: asking.holidays,
  };
}

/**
 * Whoever can make something new come in again and again would otherwise put off for ever that anybody else hears of it: what is
 * asked anew of the same people, who have not answered, keeps the moments of the question before. Silence closes nothing early.
 */
function notPutOff(about: Case, { approver, askedAt }: AskedAt, fresh: QuestionClock): QuestionClock {
  const { question: before, decisions } = about;
  if (before?.clock && isHandedOn(about, before.askedAt)) return noLater(fresh, before.clock.timeOutAt);
  if (!before?.clock || fresh.onTimeOut === 'dismiss' || !isSame(before.approver, approver)) return fresh;
  if (decisions.some(({ at }) => at >= before.askedAt)) return fresh;
  // The security team is asked again and again anyway.
  if (approver.kind === 'security' && before.clock.timeOutAt <= askedAt) return fresh;
  const escalateAt = first(fresh.escalateAt, before.clock.escalateAt);
  return {
    ...fresh,
    remindAt: first(fresh.remindAt, escalateAt),
    escalateAt,
    timeOutAt: first(fresh.timeOutAt, before.clock.timeOutAt),
  };
}

/** Somebody said that it is for another one to say, and nothing else became of the question. */
const isHandedOn = ({ decisions, toSecurity }: Case, askedAt: string): boolean => {
  const since = decisions.filter(({ at }) => at >= askedAt);
  return toSecurity === null && since.some(({ verb }) => verb === 'reassign') && since.every(isNoEnd);
};
const isNoEnd = (decision: Decision): boolean =>
  decision.verb === 'reassign' || decision.verb === 'correct' || awaitsOf(decision) !== undefined;

/** Handing a question on puts its end off for nobody. */
const noLater = (fresh: QuestionClock, timeOutAt: string): QuestionClock => {
  const end = first(fresh.timeOutAt, timeOutAt);
  const { remindAt, escalateAt } = fresh;
  return { ...fresh, remindAt: first(remindAt, end), escalateAt: first(escalateAt, end), timeOutAt: end };
};

const isSame = (one: Approver, other: Approver): boolean =>
  one.kind === other.kind && (one.kind === 'security' || other.kind === 'security' || one.id === other.id);

const allAt = (at: string, onTimeOut: OnTimeOut): QuestionClock => ({
  remindAt: at,
  escalateAt: at,
  timeOutAt: at,
  onTimeOut,
});

const later = (iso: string, ms: number): string => new Date(Date.parse(iso) + ms).toISOString();
const first = (one: string, other: string): string => (one < other ? one : other);
