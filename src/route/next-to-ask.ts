// Whom a question goes to besides, when nobody has answered it: the next one by the rules of routing who is not asked yet.
import { peopleAtStake } from '../case/behind-target.ts';
import type { Case } from '../case/case.ts';
import { type Approver, askedOf, isWithSecurity, type RouteRung } from '../case/question.ts';
import { type Said, sameSaid, say } from '../case/said.ts';
import type { NewStep } from '../ports/case-store.ts';
import { rungOf } from './choose-approver.ts';
import { findPeople } from './find-people.ts';
import { adminSteps, type Inquiry, inquire } from './inquiry.ts';
import { findOnCall } from './on-call.ts';
import type { ChooseParts } from './parts.ts';

export interface NextToAsk {
  readonly approver: Approver;
  /** One sentence. */
  readonly reason: Said;
  /** What was looked at, as far as the question's path does not say so yet; the last is this one. */
  readonly rungs: readonly RouteRung[];
  /** What else is owed: word to an administrator about whoever the app could not be installed for. */
  readonly steps: readonly NewStep[];
}

/** Null: nobody is left, the security team is asked already, and everybody on call. Throws what may pass, until `lastTry`. */
export async function nextToAsk(about: Case, parts: ChooseParts, lastTry = false): Promise<NextToAsk | null> {
  const { question, subject } = about;
  if (!question) return null;
  const inquiry = inquire({
    ...{ about, parts, lastTry },
    subject: subject && { id: subject.id, displayName: subject.name },
    atStake: peopleAtStake(about, question.offers, parts.settings.aws),
    asked: askedOf(question).flatMap((one) => (one.kind === 'person' ? [one.id] : [])),
  });
  const { found, passed } = isWithSecurity(question) ? await onCall(inquiry) : await findPeople([], inquiry);
  const isSaid = ({ reason }: RouteRung): boolean =>
    question.path.some((rung) => sameSaid(rung.reason, reason));
  const rungs = passed.filter((rung) => !isSaid(rung));
  const steps = adminSteps(inquiry);
  const [next] = found;
  if (next) {
    const { person: approver, reason } = next;
    return { approver, reason, steps, rungs: [...rungs, rungOf(next)] };
  }
  if (isWithSecurity(question)) return null;
  const reason = say('route.security.nobody-left');
  const rung: RouteRung = { name: 'The security team', outcome: 'asked', reason };
  return { approver: { kind: 'security' }, reason, steps, rungs: [...rungs, rung] };
}

/** The channel is asked already: the next one who is on call, in their own chat. */
async function onCall(inquiry: Inquiry) {
  const { onCall: found, passed } = await findOnCall(inquiry);
  return { found: found ? [found] : [], passed };
}
