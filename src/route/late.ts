// Silence takes a question to the security team, and from nobody: whoever had it may still answer, however late.
import type { UserId } from '../case/ids.ts';
import { askedOf } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { isSilence } from '../case/silence.ts';
import type { Inquiry } from './inquiry.ts';
import { isContaining } from './keep-places.ts';

/**
 * Of the question as it stood, where one person's answer was enough: what took more of them takes the security team now, and nobody
 * shortens that by waiting. Nobody whom the case is about by now, and nobody who said that it is not for them.
 */
export function lateOf({ about, subject, atStake, unreachable }: Inquiry): readonly UserId[] {
  const { question, toSecurity, named } = about;
  if (!question || toSecurity === null) return [];
  // What silence decided and could not be done is nobody's word either.
  if (!isSilence(toSecurity) && !isContaining(about, question)) return [];
  const { rule, needs, late = [] } = question;
  const isForOne = (rule?.kind ?? 'first') === 'first' && needs === undefined;
  const people = isForOne ? askedOf(question).flatMap((one) => (one.kind === 'person' ? [one.id] : [])) : [];
  const handedOn = reassignedNow(about).map(({ by }) => by.id);
  const isOut = (id: UserId): boolean =>
    [named, atStake, handedOn].some((some) => some.includes(id)) || id === subject?.id || unreachable.has(id);
  return [...new Set([...people, ...late])].filter((id) => !isOut(id));
}
