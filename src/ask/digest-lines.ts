// One question of a flood as a line of its reader's digest: what it is about, and either its buttons or what has become of it. Pure.
import { isAtLeast } from '../case/alert.ts';
import { SECURITY_READER } from '../case/ask-step.ts';
import { awaitsOf, type Case, isMonitored } from '../case/case.ts';
import type { QuestionId } from '../case/ids.ts';
import { isAsked, isWithSecurity, type Question } from '../case/question.ts';

/** With this reader, and waiting for them. */
export function isOpenFor(about: Case, questionId: QuestionId, reader: string): boolean {
  const { question } = about;
  if (about.state !== 'asking' || question?.id !== questionId || isMonitored(about)) return false;
  return isWith(question, reader) && !hasSigned(about, reader);
}

/** "Expected" for all of them is not for what takes a second person anyway: such a case is to be looked at by itself. */
export const mayBeDismissedWithOthers = (about: Case): boolean =>
  !isAtLeast(about.severity, 'high') && !isContained(about);

/** What was done before anybody answered is released or kept, and that is to be read on its own card. */
export const isContained = ({ containedFirst }: Case): boolean => containedFirst !== undefined;

const isWith = (question: Question, reader: string): boolean =>
  reader === SECURITY_READER ? isWithSecurity(question) : isAsked(question, reader);

/** They have answered, and it takes somebody else as well. */
const hasSigned = ({ decisions, decidedBefore = 0 }: Case, reader: string): boolean =>
  decisions.slice(decidedBefore).some((one) => one.by.id === reader && awaitsOf(one) !== undefined);

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
      return `${answerText(about)} Working on it.`;
    case 'contained':
      return `${answerText(about)} Done.`;
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

/** Who said what last, and it counted. */
function answerText({ decisions, question, policy }: Case): string {
  const last = decisions.findLast((one) => awaitsOf(one) === undefined);
  if (last?.verb === 'dismiss') return `Expected, says ${last.by.name}.`;
  if (last?.verb !== 'approve') return '';
  const offers = [...(question?.offers ?? []), ...policy.offers];
  return `${last.by.name} chose "${offers.find(({ key }) => key === last.offer)?.label ?? last.offer}".`;
}
