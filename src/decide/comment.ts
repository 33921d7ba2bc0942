// A policy can demand a few words with an answer: without them nothing is decided, and nothing is lost. Pure.
import type { Case } from '../case/case.ts';
import type { Answer } from '../ports/answer.ts';
import type { Ruling } from './authorise.ts';
import { isDestructive } from './signatures.ts';

/** Null where the answer needs no comment, or has one. Handing a question on decides nothing, so it never needs one. */
export function ruleComment(
  about: Case,
  { verb, offer, comment }: Answer,
): Extract<Ruling, { kind: 'refused' }> | null {
  const demanded = about.policy.asking?.comment ?? 'optional';
  if (demanded === 'optional' || comment?.trim() || verb === 'escalate' || verb === 'reassign') return null;
  const chosen = about.question?.offers.find(({ key }) => key === offer);
  const isMeant = verb === 'approve' ? chosen !== undefined && isDestructive(chosen) : verb === 'keep';
  if (demanded === 'destructive' && !isMeant) return null;
  return {
    kind: 'refused',
    code: 'decide.comment-first',
    say: 'This takes a few words on why. Write a comment beside it and choose again: nothing was done yet.',
    mayLook: true,
  };
}
