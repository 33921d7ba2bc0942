// A policy can demand a few words with an answer: without them nothing is decided, and nothing is lost. Pure.
import type { Case } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import type { Answer } from '../ports/answer.ts';
import type { Ruling } from './authorise.ts';
import { isDestructive } from './signatures.ts';

export const COMMENT_FIRST = 'decide.comment-first';

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
    code: COMMENT_FIRST,
    say: say('decide.comment-first'),
    mayLook: true,
  };
}

/** To whoever typed the line, which lacks them: `line` is what they meant, without the reason. */
export const commentWords = (line: string): Said => say('decide.comment-at-end', { line });

/** The answer as it is typed. A date is a date of the writer's own calendar. */
export function lineOf(
  { ref }: Pick<Case, 'ref'>,
  { verb, offer, until, anyway }: Answer,
  timeZone: string,
): string {
  const words = [verb, ref, offer, until && `until ${momentOf(until, timeZone)}`, anyway && 'anyway'];
  return words.filter(Boolean).join(' ');
}

/** "2026-11-27 17:00"; what is no moment is a day already. */
function momentOf(until: string, timeZone: string): string {
  const at = new Date(until);
  if (!until.includes('T') || Number.isNaN(at.getTime())) return until;
  const options = { dateStyle: 'short', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat('sv-SE', { ...options, timeZone }).format(at);
  } catch {
    return `${new Intl.DateTimeFormat('sv-SE', { ...options, timeZone: 'UTC' }).format(at)} UTC`;
  }
}
