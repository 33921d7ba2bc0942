// Silence takes a question to the security team, and from nobody: whoever had it may still answer, however late.
import type { UserId } from '../case/ids.ts';
import { askedOf } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { type Said, says } from '../case/said.ts';
import { sentencesIn } from '../case/sentences.ts';
import type { Inquiry } from './inquiry.ts';

/** Of the question as it stood: nobody whom the case is about by now, and nobody who said that it is not for them. */
export function lateOf({ about, subject, atStake, unreachable }: Inquiry): readonly UserId[] {
  const { question, toSecurity, named } = about;
  if (!question || toSecurity === null || !isSilence(toSecurity)) return [];
  const people = askedOf(question).flatMap((one) => (one.kind === 'person' ? [one.id] : []));
  const handedOn = reassignedNow(about).map(({ by }) => by.id);
  const isOut = (id: UserId): boolean =>
    [named, atStake, handedOn].some((some) => some.includes(id)) || id === subject?.id || unreachable.has(id);
  return [...new Set([...people, ...(question.late ?? [])])].filter((id) => !isOut(id));
}

const isSilence = (why: Said): boolean =>
  sentencesIn(why).some(
    (one) => says(one, 'chase.nobody-answered') || says(one, 'chase.not-everybody-answered'),
  );
