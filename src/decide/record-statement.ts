// What the person in question says themselves: "was this you?". Recorded and shown to whoever decides; never a decision, and
// they learn nothing else of the case.
import type { Case, Statement } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import { canFollow } from '../case/transitions.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { NewStep } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition, type Transition } from '../ports/commit-transition.ts';
import { type Claim, NO_SUCH_CASE, personOf, refuse } from './claim.ts';
import { endExpected } from './expected-until.ts';
import type { DecideParts } from './parts.ts';

/** Whoever changes their mind more often than this is heard in the trail alone, but for the first "not me". */
const MOST_STATEMENTS = 5;

export type Said = Pick<Statement, 'was' | 'comment'>;

/** Only the case's subject is heard, once they were asked. Anybody else is told what any stranger is told. */
export function recordStatement(
  id: CaseId,
  said: Said,
  actor: ChatActor,
  parts: Pick<DecideParts, 'store' | 'clock'>,
): Promise<Claim> {
  return parts.store.transact(async (tx) => {
    const about = await tx.lockCase(id);
    if (!about) return NO_SUCH_CASE;
    const refused = notHeard(about, actor);
    if (refused) return refuse(tx, about, { verb: said.was }, actor, refused);
    if (isSaidAlready(about, said)) return { kind: 'decided', about };
    const at = isoTime(parts.clock);
    const statement: Statement = { by: personOf(actor), at, ...said };
    const note = {
      kind: 'subject.stated',
      actor: statement.by,
      facts: { was: said.was },
      ...(said.comment && { personal: { comment: said.comment } }),
    };
    if (isOneTooMany(about, said)) {
      await tx.audit(about.id, note);
      return { kind: 'decided', about };
    }
    if (said.was === 'not-me') await endExpected(tx, about, statement.by, at, 'person');
    return {
      kind: 'decided',
      about: await commitTransition(tx, about, { ...changeOf(about, statement), at, note }),
    };
  });
}

/** Whoever was not asked does not learn from the answer that there is a case about them. */
function notHeard(about: Case, actor: ChatActor) {
  const { subject, notices = [] } = about;
  if (subject?.id !== actor.id || !notices.some(({ user }) => user === actor.id))
    return { code: 'decide.not-subject', say: 'This question is with somebody else.', mayLook: false };
  if (canFollow(about.state, 'noted')) return null;
  return {
    code: 'decide.closed',
    say: `This is closed already. If it was not you, call your security team and give them the case number ${about.ref}.`,
    mayLook: false,
  };
}

function isSaidAlready({ statements }: Case, { was, comment }: Said): boolean {
  const last = statements?.at(-1);
  return last?.was === was && (comment === undefined || comment === last.comment);
}

const saidNotMe = ({ statements = [] }: Case): boolean => statements.some(({ was }) => was === 'not-me');

/** A thief who speaks first, and a lot, does not keep its owner from saying that it was not them. */
const isOneTooMany = (about: Case, { was }: Said): boolean =>
  (about.statements ?? []).length >= MOST_STATEMENTS && (was === 'me' || saidNotMe(about));

function changeOf(about: Case, statement: Statement): Pick<Transition, 'event' | 'patch' | 'steps'> {
  const statements = [...(about.statements ?? []), statement];
  // Once: whoever called it expected after that did so knowing it.
  if (statement.was === 'not-me' && about.state === 'dismissed' && !saidNotMe(about)) {
    const why = `${statement.by.name} was asked and says that it was not them, after this was said to be expected.`;
    return {
      event: 'reopened',
      patch: { statements, toSecurity: why, outcome: [], decidedBefore: about.decisions.length },
      steps: [{ kind: 'route', key: '' }, ...writeBackSteps(about, { kind: 'escalated', says: [why] })],
    };
  }
  return { event: 'noted', patch: { statements }, steps: tellSecurity(about, statement) };
}

/** Nobody is asked about what is contained, so nobody would see it; and a thief who was noticed is for the security team at any time. */
const tellSecurity = ({ state }: Case, { was }: Statement): readonly NewStep[] =>
  state === 'contained' || was === 'not-me' ? [{ kind: 'tell', key: '' }] : [];
