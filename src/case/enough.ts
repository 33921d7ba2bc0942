// Whether those who are asked are as many as it takes. Pure.
import { type AnswerRule, DEFAULT_ASKING } from './asking.ts';
import { askedOf, type Question } from './question.ts';

/** `persons`: how many people are asked, the security team aside; `named`: how many the policy names. */
export function isEnough(rule: AnswerRule | undefined, persons: number, named: number): boolean {
  switch (rule?.kind ?? DEFAULT_ASKING.rule.kind) {
    case 'quorum':
      return persons >= (rule?.kind === 'quorum' ? rule.of : 1);
    case 'everyone':
      return persons >= named;
    default:
      return persons > 0;
  }
}

/** How many different people "everyone" is: no fewer than the policy names, whoever of them could not be asked. */
export const needsOf = (rule: AnswerRule | undefined, persons: number, named: number): number | undefined =>
  rule?.kind === 'everyone' ? Math.max(persons, named) : undefined;

/** How many people, the security team aside, a question is with. */
export const peopleAsked = (question: Pick<Question, 'approver' | 'beside'>): number =>
  askedOf(question).filter(({ kind }) => kind === 'person').length;
