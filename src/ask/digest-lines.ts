// One question of a flood as a line of its reader's digest: what it is about, and either its buttons or what has become of it. Pure.
import { SECURITY_READER } from '../case/ask-step.ts';
import { awaitsOf, type Case, isMonitored, SYSTEM } from '../case/case.ts';
import type { QuestionId } from '../case/ids.ts';
import { isAsked, isWithSecurity, type Question } from '../case/question.ts';
import { hasSigned } from '../case/signed.ts';

/** With this reader, and waiting for them. */
export function isOpenFor(about: Case, questionId: QuestionId, reader: string): boolean {
  const { question } = about;
  if (about.state !== 'asking' || question?.id !== questionId || isMonitored(about)) return false;
  return isWith(question, reader) && !hasSigned(about, reader);
}

/** What was done before anybody answered is released or kept, and that is to be read on its own card. */
export const isContained = ({ containedFirst }: Case): boolean => containedFirst !== undefined;

const isWith = (question: Question, reader: string): boolean =>
  reader === SECURITY_READER ? isWithSecurity(question) : isAsked(question, reader);

/** What has become of a line that is no longer for its reader to answer: few words, its own card says the rest. */
export function lineOutcome(about: Case, questionId: QuestionId, reader: string): string {
  const { state, question, supersededBy } = about;
  if (supersededBy) return 'Closed: a broader question asks about it.';
  switch (state) {
    case 'routing':
      return about.toSecurity ?? 'Being asked anew.';
    case 'asking':
      return question ? askingText(question, questionId, reader) : 'Being asked anew.';
    case 'monitored':
      return 'Only watched: nobody is asked.';
    case 'executing':
      return joined(answerText(about), 'Working on it.');
    case 'contained':
      return isKept(about) ? answerText(about) : joined(answerText(about), 'Done.');
    case 'dismissed':
      return answerText(about) || 'Closed as expected.';
    case 'undoing':
      return 'Being undone.';
    case 'undone':
      return 'Undone.';
    case 'closed':
      return about.outcome.at(-1) ?? 'Closed.';
  }
}

function askingText(question: Question, questionId: QuestionId, reader: string): string {
  if (!isWith(question, reader)) return `With ${whom(question)} now.`;
  if (question.id !== questionId) return 'Asked anew: there is a newer card for it.';
  return 'You have answered. It takes somebody else as well.';
}

const whom = ({ approver }: Question): string =>
  approver.kind === 'security' ? 'the security team' : approver.name;

const joined = (...sentences: readonly string[]): string => sentences.filter(Boolean).join(' ');

const lastOf = ({ decisions }: Case) => decisions.findLast((one) => awaitsOf(one) === undefined);
const isKept = (about: Case): boolean => lastOf(about)?.verb === 'keep';

/** Who said what last, and it counted. What silence did, nobody said. */
function answerText(about: Case): string {
  const { question, policy } = about;
  const last = lastOf(about);
  const isSilence = last?.by.id === SYSTEM.id;
  if (last?.verb === 'dismiss')
    return isSilence ? 'Closed: nobody answered.' : expectedText(about, last.by.name);
  if (last?.verb === 'keep') return `Contained before anybody answered, and ${last.by.name} keeps it so.`;
  if (last?.verb !== 'approve') return '';
  if (isSilence) return 'Nobody answered, so it is contained first.';
  const offers = [...(question?.offers ?? []), ...policy.offers];
  return `${last.by.name} chose "${offers.find(({ key }) => key === last.offer)?.label ?? last.offer}".`;
}

const expectedText = (about: Case, by: string): string =>
  isContained(about)
    ? `Contained before anybody answered; expected, says ${by}, so it is let go.`
    : `Expected, says ${by}.`;
