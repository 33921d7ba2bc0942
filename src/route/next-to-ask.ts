// Whom a question goes to besides, when nobody has answered it: the next one by the rules of routing who is not asked yet.
import { peopleAtStake } from '../case/behind-target.ts';
import { type Approver, askedOf, type Case, isWithSecurity, type RouteRung } from '../case/case.ts';
import type { NewStep } from '../ports/case-store.ts';
import { findPeople } from './find-people.ts';
import { adminSteps, inquire } from './inquiry.ts';
import type { ChooseParts } from './parts.ts';

export interface NextToAsk {
  readonly approver: Approver;
  /** One sentence. */
  readonly reason: string;
  /** What was looked at, as far as the question's path does not say so yet; the last is this one. */
  readonly rungs: readonly RouteRung[];
  /** What else is owed: word to an administrator about whoever the app could not be installed for. */
  readonly steps: readonly NewStep[];
}

/** Null: nobody is left, the security team is asked already. Throws what may pass, until `lastTry`. */
export async function nextToAsk(about: Case, parts: ChooseParts, lastTry = false): Promise<NextToAsk | null> {
  const { question, subject } = about;
  if (!question || isWithSecurity(question)) return null;
  const inquiry = inquire({
    ...{ about, parts, lastTry },
    subject: subject && { id: subject.id, displayName: subject.name },
    atStake: peopleAtStake(about, question.offers, parts.settings.aws),
    asked: askedOf(question).flatMap((one) => (one.kind === 'person' ? [one.id] : [])),
  });
  const { found, passed } = await findPeople([], inquiry);
  const isSaid = ({ reason }: RouteRung): boolean => question.path.some((rung) => rung.reason === reason);
  const rungs = passed.filter((rung) => !isSaid(rung));
  const steps = adminSteps(inquiry);
  const [next] = found;
  if (next) {
    const { person: approver, reason } = next;
    const rung: RouteRung = { name: approver.name, id: approver.id, outcome: 'asked', reason };
    return { approver, reason, steps, rungs: [...rungs, rung] };
  }
  const reason = 'Nobody else can be asked, so the security team is asked as well.';
  const rung: RouteRung = { name: 'The security team', outcome: 'asked', reason };
  return { approver: { kind: 'security' }, reason, steps, rungs: [...rungs, rung] };
}
