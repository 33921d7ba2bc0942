// Contains before anybody has answered: only what the operator's settings allow and can be put back, under the limits of people.
import { type Case, type Decision, SYSTEM } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { PlannedOffer, Question } from '../case/question.ts';
import { say } from '../case/said.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import type { Transition } from '../ports/commit-transition.ts';
import type { ChaseParts } from './parts.ts';

/** Throws `decide.*` where a limit or somebody's hold is in the way: then the whole transaction is given up. */
export async function containFirst(
  tx: StoreTransaction,
  about: Case,
  question: Question,
  offer: PlannedOffer,
  at: string,
  parts: ChaseParts,
): Promise<Transition> {
  const answer: Decision = { verb: 'approve', offer: offer.key, by: SYSTEM, at };
  const { decision: besides, ...change } = await parts.approve(tx, about, answer);
  // It would take a second person, and there is not even a first.
  if (change.event !== 'approved')
    throw new CountersignError('decide.needs-people', 'silence signs nothing', {
      say: besides?.awaits ?? say('chase.takes-people'),
    });
  return {
    ...change,
    at,
    patch: { ...change.patch, decisions: [...about.decisions, { ...answer, ...besides }] },
    note: {
      kind: 'decision.approve',
      actor: SYSTEM,
      facts: {
        verb: 'approve',
        offer: offer.key,
        question: question.id,
        role: 'system',
        onTimeOut: 'contain',
      },
    },
  };
}
