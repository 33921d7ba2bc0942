// Reminds whoever has not answered, and asks the next one as well. The cards of those who were asked first stay as good as theirs.
import { askStep, readerOf } from '../case/ask-step.ts';
import type { Chased } from '../case/asking.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import { type Approver, askedOf, isWithSecurity, type Question } from '../case/question.ts';
import { say } from '../case/said.ts';
import type { NewStep } from '../ports/case-store.ts';
import type { Transition } from '../ports/commit-transition.ts';
import { chasedOf, type Move } from './due.ts';
import type { NextToAsk } from './parts.ts';

export function remind(about: Case, question: Question, at: string): Transition {
  return remindedBy(about, question, remindedIn(about, question), at);
}

/** The time is over, and no reminder has reached them: the one that was meant to comes now, and the wait begins again. */
export function remindLate(about: Case, question: Question, at: string): Transition {
  const before = chasedOf(about, question);
  const isOnItsWay = before.remindedAt === undefined && before.reminders > 0;
  const chased = isOnItsWay ? before : remindedIn(about, question);
  return remindedBy(about, question, { ...chased, lateAt: at }, at);
}

const remindedBy = (about: Case, question: Question, chased: Chased, at: string): Transition => ({
  event: 'noted',
  at,
  patch: { chased },
  steps: reminders(about, question, chased),
  note: { kind: 'question.reminded', actor: SYSTEM, facts: { question: question.id } },
});

/** `next` null: the security team, unless they are asked already; then they are reminded. */
export function askBesides(
  about: Case,
  question: Question,
  { kind }: Move,
  next: NextToAsk | null,
  at: string,
): Transition {
  const added = next && mayBeAsked(about, question, next.approver) ? next : security(question);
  const before = chasedOf(about, question);
  // Whoever was reminded already sees on their card who else is asked.
  const isReminder = !added || (kind === 'escalate' && before.reminders === 0);
  const chased: Chased = {
    ...(isReminder ? remindedIn(about, question) : before),
    ...(kind === 'escalate' && { escalatedAt: at }),
    ...(kind !== 'escalate' && { timedOutAt: at, timeOuts: before.timeOuts + 1 }),
  };
  const note = { actor: SYSTEM, facts: { question: question.id, timeOuts: chased.timeOuts } };
  const nudged = isReminder ? reminders(about, question, chased) : [];
  if (!added)
    return {
      event: 'noted',
      at,
      patch: { chased },
      steps: nudged,
      note: { ...note, kind: 'question.reminded' },
    };
  const { approver, rungs, steps } = added;
  const beside = [...(question.beside ?? []), approver];
  return {
    event: 'asked-besides',
    at,
    patch: { chased, question: { ...question, beside, path: [...question.path, ...rungs] } },
    steps: [...nudged, askStep(question.id, readerOf(approver)), ...steps],
    note: {
      ...note,
      kind: 'question.asked-besides',
      facts: { ...note.facts, approver: approver.kind },
      personal: { approver: { ...approver } },
    },
  };
}

const security = (question: Question): NextToAsk | null =>
  isWithSecurity(question)
    ? null
    : {
        approver: { kind: 'security' },
        rungs: [{ name: 'The security team', outcome: 'asked', reason: say('chase.not-answered-yet') }],
        steps: [],
      };

/** Whoever looks the next one up knows that too. A second look costs nothing, and the subject must not slip through. */
const mayBeAsked = (about: Case, question: Question, approver: Approver): boolean =>
  approver.kind === 'security'
    ? !isWithSecurity(question)
    : approver.kind === 'person' &&
      approver.id !== about.subject?.id &&
      !about.named.includes(approver.id) &&
      !askedOf(question).some((one) => one.kind !== 'security' && one.id === approver.id);

const remindedIn = (about: Case, question: Question): Chased => {
  const chased = chasedOf(about, question);
  return { ...chased, reminders: chased.reminders + 1 };
};

const reminders = (about: Case, question: Question, { reminders: count }: Chased): readonly NewStep[] =>
  askedOf(question)
    .filter((one) => !hasAnswered(about, question, one))
    .map((one) => askStep(question.id, readerOf(one), count));

/** Theirs is one of the answers that it takes. The channel is several people: it is told again. */
export const hasAnswered = ({ decisions }: Case, { askedAt }: Question, one: Approver): boolean =>
  one.kind !== 'security' && decisions.some(({ by, at }) => by.id === one.id && at >= askedAt);
