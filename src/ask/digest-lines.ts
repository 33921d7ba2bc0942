// One question of a flood as a line of its reader's digest: what it is about, and either its buttons or what has become of it. Pure.
import { SECURITY_READER } from '../case/ask-step.ts';
import { awaitsOf, type Case, isMonitored, SYSTEM } from '../case/case.ts';
import type { QuestionId } from '../case/ids.ts';
import { type Approver, isAsked, isLate, isWithSecurity, type Question } from '../case/question.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { hasSigned, offerSaid } from '../case/signed.ts';
import { withWords } from './asking-lines.ts';

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
export function lineOutcome(about: Case, questionId: QuestionId, reader: string): Said {
  const { state, question, supersededBy } = about;
  if (supersededBy) return say('digest.line.superseded');
  switch (state) {
    case 'routing':
      return about.toSecurity ?? say('digest.line.anew');
    case 'asking':
      return question ? askingText(about, question, questionId, reader) : say('digest.line.anew');
    case 'monitored':
      return say('digest.line.monitored');
    case 'executing':
      return sentences([answerText(about), say('digest.line.executing')]);
    case 'contained':
      return isKept(about) ? answerText(about) : sentences([answerText(about), say('digest.line.done')]);
    case 'dismissed':
      return answerText(about) || say('digest.line.dismissed');
    case 'undoing':
      return say('digest.line.undoing');
    case 'undone':
      return say('digest.line.undone');
    case 'closed':
      return about.outcome.at(-1) ?? say('digest.line.closed');
  }
}

function askingText({ ref }: Case, question: Question, questionId: QuestionId, reader: string): Said {
  if (isLate(question, reader)) return say('digest.line.late', { with: withWords(whom(question)), ref });
  if (!isWith(question, reader)) return say('digest.line.with', { with: withWords(whom(question)) });
  if (question.id !== questionId) return say('digest.line.newer-card');
  return say('digest.line.answered');
}

/** By name alone, the person in question as well. */
const whom = ({ approver }: Question): Approver =>
  approver.kind === 'subject' ? { ...approver, kind: 'person' } : approver;

const lastOf = ({ decisions }: Case) => decisions.findLast((one) => awaitsOf(one) === undefined);
const isKept = (about: Case): boolean => lastOf(about)?.verb === 'keep';

/** Who said what last, and it counted. What silence did, nobody said. */
function answerText(about: Case): Said {
  const last = lastOf(about);
  const isSilence = last?.by.id === SYSTEM.id;
  if (last?.verb === 'dismiss')
    return isSilence ? say('digest.line.unanswered') : expectedText(about, last.by.name);
  if (last?.verb === 'keep') return say('digest.line.kept', { name: last.by.name });
  if (last?.verb !== 'approve') return '';
  if (isSilence) return say('digest.line.contained-first');
  return say('digest.line.chose', { name: last.by.name, offer: offerSaid(about, last.offer) });
}

const expectedText = (about: Case, name: string): Said =>
  say(isContained(about) ? 'digest.line.released' : 'digest.line.expected', { name });
