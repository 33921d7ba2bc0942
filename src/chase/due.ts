// What is to be done next about a question that nobody answered, and when: from its clock and what is on record, never from a count of tries.
import type { Chased, QuestionClock } from '../case/asking.ts';
import type { Case } from '../case/case.ts';
import type { Question } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { addWorkingTime } from './working-time.ts';

/** `again`: the security team alone has it, and is asked once more. */
export interface Move {
  readonly kind: 'remind' | 'escalate' | 'time-out' | 'again';
  readonly at: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The question that is with somebody now, if it is that one. */
export const currentQuestion = (about: Case | null, id: string): Question | null =>
  about?.state === 'asking' && about.question?.id === id ? about.question : null;

export const chasedOf = ({ chased }: Case, { id }: Question): Chased =>
  chased?.question === id ? chased : { question: id, reminders: 0, timeOuts: 0 };

/**
 * The latest that is due by now, else the first to come: whoever was away all that time does not catch up with what no longer
 * matters. Null for a question without a clock.
 */
export function nextMove(
  about: Case,
  question: Question,
  now: string,
  { asking }: Pick<OperatorSettings, 'asking'>,
): Move | null {
  const { clock } = question;
  if (!clock) return null;
  const moves = movesOf(clock, chasedOf(about, question), question);
  const [first = null] = moves.toSorted((a, b) => compare(a.at, b.at));
  const move = moves.find(({ at }) => at <= now) ?? first;
  if (!move || move.at > now || mayInterrupt(move, question, clock)) return move;
  // It is late: whoever ran this was not there at the time.
  return clock.working
    ? { ...move, at: addWorkingTime(now, 0, { ...clock.working, holidays: asking.holidays }) }
    : move;
}

/** What is contained first, or handed to a team that is on call, waits for nobody's morning. Whoever is reminded again is asleep. */
const mayInterrupt = ({ kind }: Move, { approver }: Question, { onTimeOut }: QuestionClock): boolean =>
  kind === 'time-out' &&
  (onTimeOut === 'contain' || (onTimeOut === 'escalate' && approver.kind !== 'security'));

/** The last one first. */
function movesOf(clock: QuestionClock, chased: Chased, question: Question): readonly Move[] {
  if (chased.timedOutAt) return [{ kind: 'again', at: againAt(chased.timedOutAt, chased, question, clock) }];
  const moves: Move[] = [{ kind: 'time-out', at: clock.timeOutAt }];
  if (question.approver.kind === 'subject') return moves;
  if (!chased.escalatedAt) moves.push({ kind: 'escalate', at: clock.escalateAt });
  if (chased.reminders === 0 && !chased.escalatedAt) moves.push({ kind: 'remind', at: clock.remindAt });
  return moves;
}

/** Each wait is twice as long as the one before, up to a day: never lost, and no flood. */
function againAt(last: string, { timeOuts }: Chased, { askedAt }: Question, clock: QuestionClock): string {
  const patience = Math.max(MINUTE_MS, Date.parse(clock.timeOutAt) - Date.parse(askedAt));
  const wait = Math.min(DAY_MS, patience * 2 ** Math.min(timeOuts - 1, 20));
  return new Date(Date.parse(last) + wait).toISOString();
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
