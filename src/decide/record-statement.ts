// What the person in question says themselves: "was this you?". Recorded and shown to whoever decides; never a decision, and
// they learn nothing else of the case.
import { isAtLeast } from '../case/alert.ts';
import type { Case, Statement } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import { say } from '../case/said.ts';
import { canFollow } from '../case/transitions.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { NewStep, StoreTransaction } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition, type Transition } from '../ports/commit-transition.ts';
import { type Claim, NO_SUCH_CASE, personOf, refuse } from './claim.ts';
import { endExpected } from './expected-until.ts';
import { lookUpRisk } from './look-up.ts';
import type { DecideParts } from './parts.ts';

/** Whoever changes their mind more often than this is heard in the trail alone, but for the first "not me". */
const MOST_STATEMENTS = 5;

export interface Stated extends Pick<Statement, 'was' | 'comment'> {
  /** Of the card whose button was pressed; absent for a line of text. */
  readonly questionId?: string;
}

type StateParts = Pick<DecideParts, 'store' | 'clock' | 'isAtRisk' | 'lookUpMs'>;

/** Only the case's subject is heard, once they were asked. Anybody else is told what any stranger is told. */
export async function recordStatement(
  id: CaseId,
  said: Stated,
  actor: ChatActor,
  parts: StateParts,
): Promise<Claim> {
  const asked = await parts.store.readCase(id);
  const isTrusted = asked ? await isTrustworthy(asked, said, actor, parts) : false;
  return parts.store.transact(async (tx) => {
    const about = await tx.lockCase(id);
    if (!about) return NO_SUCH_CASE;
    const refused = notHeard(about, actor);
    if (refused) return refuse(tx, about, { verb: said.was }, actor, refused);
    const isFirst = isAskedFirst(about) && (said.was === 'not-me' || (await hasSeen(tx, about, said, actor)));
    if (!isFirst && isSaidAlready(about, said)) return { kind: 'decided', about };
    const at = isoTime(parts.clock);
    const { was, comment } = said;
    const statement: Statement = { by: personOf(actor), at, was, ...(comment && { comment }) };
    const note = {
      kind: 'subject.stated',
      actor: statement.by,
      facts: { was: said.was },
      ...(said.comment && { personal: { comment: said.comment } }),
    };
    if (!isFirst && isOneTooMany(about, said)) {
      await tx.audit(about.id, note);
      return { kind: 'decided', about };
    }
    if (said.was === 'not-me') await endExpected(tx, about, statement.by, at, 'person');
    const isElsewhere = isFirst && (await tx.isSubjectOfOpenCase(actor.id, id));
    const change = isFirst
      ? answerFirst(about, statement, isTrusted && !isElsewhere)
      : changeOf(about, statement);
    return {
      kind: 'decided',
      about: await commitTransition(tx, about, { ...change, at, note }),
    };
  });
}

/** Whoever was not asked does not learn from the answer that there is a case about them. */
function notHeard(about: Case, actor: ChatActor) {
  const { subject, notices = [] } = about;
  const wasAsked = isAskedFirst(about) || notices.some(({ user }) => user === actor.id);
  if (subject?.id !== actor.id || !wasAsked)
    return { code: 'decide.not-subject', say: say('decide.with-somebody-else'), mayLook: false };
  if (canFollow(about.state, 'noted')) return null;
  return {
    code: 'decide.closed',
    say: say('decide.closed-to-subject', { ref: about.ref }),
    mayLook: false,
  };
}

/** The question is with the person in question: what they say moves it on. See docs/decisions/0013. */
const isAskedFirst = ({ state, question }: Case): boolean =>
  state === 'asking' && question?.approver.kind === 'subject';

/** Their word counts while nothing is held against them. What cannot be asked just now counts as held; what nobody can know does not. */
async function isTrustworthy(
  about: Case,
  { was }: Stated,
  actor: ChatActor,
  parts: StateParts,
): Promise<boolean> {
  if (was !== 'me' || !isAskedFirst(about) || about.subject?.id !== actor.id) return false;
  const isAtRisk = await lookUpRisk(actor, parts);
  return isAtRisk === false || isAtRisk === null;
}

/** "That was me" means what they were shown, and nothing that came in since. */
async function hasSeen(
  tx: StoreTransaction,
  about: Case,
  { questionId }: Stated,
  actor: ChatActor,
): Promise<boolean> {
  if (questionId !== undefined) return questionId === about.question?.id;
  const copies = await tx.copiesOf(about.id);
  return copies.some((copy) => copy.reader === actor.id && copy.questionId === about.question?.id);
}

function isSaidAlready({ statements }: Case, { was, comment }: Stated): boolean {
  const last = statements?.at(-1);
  return last?.was === was && (comment === undefined || comment === last.comment);
}

const saidNotMe = ({ statements = [] }: Case): boolean => statements.some(({ was }) => was === 'not-me');

/** A thief who speaks first, and a lot, does not keep its owner from saying that it was not them. */
const isOneTooMany = (about: Case, { was }: Stated): boolean =>
  (about.statements ?? []).length >= MOST_STATEMENTS && (was === 'me' || saidNotMe(about));

/** Whoever takes their word for it says so in the policy, and the security team sees it. */
function answerFirst(
  about: Case,
  statement: Statement,
  isTrusted: boolean,
): Pick<Transition, 'event' | 'patch' | 'steps' | 'cancel'> {
  const statements = [...(about.statements ?? []), statement];
  const cancel = ['ask', 'chase'] as const;
  const { name } = statement.by;
  if (statement.was === 'me' && isTrusted && mayOwnUp(about)) {
    const why = say('decide.owned-up', { name });
    return {
      event: 'owned-up',
      patch: { statements, outcome: [why, say('decide.nothing-changed')] },
      steps: [TELL, ...writeBackSteps(about, { kind: 'dismissed', says: [why] })],
      cancel,
    };
  }
  return {
    event: 'stated',
    patch: { statements, subjectAsked: true },
    steps: [{ kind: 'route', key: '' }, ...(statement.was === 'not-me' ? [TELL] : [])],
    cancel,
  };
}

/** Up to medium severity, and only while nobody else has said anything about it and nothing of ours stands. */
const mayOwnUp = (about: Case): boolean =>
  !isAtLeast(about.severity, 'high') &&
  about.policy.asking?.subjectFirst === true &&
  about.decisions.length === 0 &&
  about.containedFirst === undefined &&
  !saidNotMe(about);

const TELL: NewStep = { kind: 'tell', key: '' };

function changeOf(about: Case, statement: Statement): Pick<Transition, 'event' | 'patch' | 'steps'> {
  const statements = [...(about.statements ?? []), statement];
  // Once: whoever called it expected after that did so knowing it.
  if (statement.was === 'not-me' && about.state === 'dismissed' && !saidNotMe(about)) {
    const why = say('decide.not-them-after-all', { name: statement.by.name });
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
  state === 'contained' || was === 'not-me' ? [TELL] : [];
