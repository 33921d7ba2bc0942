// Who may decide what. Pure. Asked twice: when the click arrives, and again on the locked row at the claim.
import { peopleAtStake } from '../case/behind-target.ts';
import { type Case, type Decision, isMonitored, lastTaken } from '../case/case.ts';
import { isAsked, isWithSecurity } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { decidersOf, hasSigned } from '../case/signed.ts';
import { timeMark } from '../case/times.ts';
import { type CaseState, canFollow, isOpen } from '../case/transitions.ts';
import type { Answer } from '../ports/answer.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { DirectoryUser } from '../ports/directory.ts';

/** What is known about the person who answers. */
export interface ActorFacts {
  readonly isSubjectElsewhere: boolean;
  /** In Entra. `unknown`: it could not be asked just now; null: nobody can know (no licence), which refuses nobody. */
  readonly isAtRisk: boolean | null | 'unknown';
  /** In the directory. `unknown`: it could not be asked just now; null: nobody by that id. Absent: not looked up, as it decides nothing. */
  readonly account?: Pick<DirectoryUser, 'enabled' | 'guest'> | null | 'unknown';
}

/** The account is there and enabled. A guest's word counts only where the operator has put them on the security team. */
export const isUsable = (
  account: Pick<DirectoryUser, 'enabled' | 'guest'> | null,
  id: string,
  { security }: OperatorSettings,
): boolean =>
  account?.enabled === true && (!account.guest || security.members.some((member) => member === id));

export type Role = 'approver' | 'security';

export type Ruling =
  | { readonly kind: 'allowed'; readonly role: Role }
  /** `mayLook`: the person was asked or has the role, so the answer may show the case as it stands. */
  | { readonly kind: 'refused'; readonly code: string; readonly say: string; readonly mayLook: boolean };

const refused = (code: string, say: string, mayLook: boolean): Ruling => ({
  kind: 'refused',
  code,
  say,
  mayLook,
});

/**
 * Conflict of interest is looked at before any role: the subject, anyone named in the case or behind what it would change, and
 * anyone under question themselves are refused even with the security role.
 */
export function authorise(
  about: Case,
  attempt: Answer,
  actor: ChatActor,
  facts: ActorFacts,
  settings: OperatorSettings,
): Ruling {
  const role = roleFor(about, attempt, actor, settings);
  const conflict = ruleConflict(about, role, actor, facts, settings);
  if (conflict) return conflict;
  if (!role) return notTheirs('decide.not-asked');
  if (attempt.verb === 'undo') return ruleUndo(about, attempt, role);
  return attempt.verb === 'correct'
    ? ruleCorrect(about, attempt, actor, role)
    : ruleAnswer(about, attempt, role);
}

/** Whether this person may have more offered in this case: only the security role, and never who has a conflict of interest. */
export function authoriseProposal(
  about: Case,
  actor: ChatActor,
  facts: ActorFacts,
  settings: OperatorSettings,
): Ruling {
  const role = roleOf(about, actor, settings);
  const conflict = ruleConflict(about, role, actor, facts, settings);
  if (conflict) return conflict;
  if (!role) return notTheirs('decide.not-asked');
  if (role !== 'security')
    return refused('decide.security-only', 'Only the security team can propose an action.', true);
  if (isMonitored(about)) return watchedOnly();
  if (canFollow(about.state, 'proposed')) return { kind: 'allowed', role };
  return refused('decide.not-now', NOT_NOW[about.state] ?? 'This case is closed.', true);
}

const NOT_NOW: Readonly<Partial<Record<CaseState, string>>> = {
  routing: 'The question is just being asked anew. Propose it again in a minute.',
  executing: 'Something is being changed in this case right now. Propose it again when that is done.',
  undoing: 'Something is being undone in this case right now. Propose it again when that is done.',
};

/** Whoever was not asked learns nothing of the case, not even that it is about them. */
const notTheirs = (code: string): Ruling => refused(code, 'This question is with somebody else.', false);

function ruleConflict(
  about: Case,
  role: Role | null,
  actor: ChatActor,
  facts: ActorFacts,
  settings: OperatorSettings,
): Ruling | null {
  const refusedTo = (code: string, say: string): Ruling =>
    role ? refused(code, say, false) : notTheirs(code);
  if (about.subject?.id === actor.id || about.named.includes(actor.id) || isHinted(about, actor))
    return refusedTo(
      'decide.conflict',
      'This case is about you or names you, so somebody else has to answer it.',
    );
  // Those known by principal name alone are among the named by the time the question is asked.
  if (peopleAtStake(about, about.question?.offers ?? [], settings.aws).includes(actor.id))
    return refusedTo('decide.conflict', AT_STAKE);
  if (facts.isSubjectElsewhere)
    return refusedTo(
      'decide.under-question',
      'You are the subject of an open case yourself, so you cannot answer this one.',
    );
  // Of whoever has no say it is not even looked up.
  if (!role) return null;
  if (facts.isAtRisk === true)
    return refusedTo(
      'decide.at-risk',
      'Entra holds your account at risk, so somebody else has to answer this. Ask the security team to look at it.',
    );
  if (facts.isAtRisk === 'unknown')
    return refusedTo(
      'decide.risk-unknown',
      'Whether your account is at risk cannot be checked right now. Press again in a minute.',
    );
  if (facts.account === 'unknown')
    return refusedTo(
      'decide.account-unknown',
      'Your account cannot be checked right now. Press again in a minute.',
    );
  if (facts.account !== undefined && !isUsable(facts.account, actor.id, settings))
    return refusedTo(
      'decide.account',
      'Your account is disabled, or a guest in this directory, so somebody else has to answer this.',
    );
  return null;
}

export const AT_STAKE = 'This would change something of your own, so somebody else has to decide on it.';

/** Evidence points at them, even where the directory could not be asked. */
const isHinted = (about: Case, actor: ChatActor): boolean =>
  about.hint.kind === 'entra' && about.hint.id.toLowerCase() === actor.id;

/** Whoever was asked, or the security role; null for everybody else, and for whoever a policy that only watches would have asked. */
export function roleOf(about: Case, actor: Pick<ChatActor, 'id'>, settings: OperatorSettings): Role | null {
  if (settings.security.members.includes(actor.id)) return 'security';
  // Whoever would have been asked was not.
  if (isMonitored(about)) return null;
  return about.question && isAsked(about.question, actor.id) ? 'approver' : null;
}

/** As `roleOf`; and whoever gave an answer can take it back, whoever is asked by now. */
export const roleFor = (
  about: Case,
  { verb }: Pick<Answer, 'verb'>,
  actor: Pick<ChatActor, 'id'>,
  settings: OperatorSettings,
): Role | null =>
  roleOf(about, actor, settings) ??
  (verb === 'correct' && (decidersOf(about).includes(actor.id) || hasSigned(about, actor.id))
    ? 'approver'
    : null);

/** Whether this person may see the case: asked now or earlier, or the security role; never its subject. */
export function maySee(about: Case, actor: Pick<ChatActor, 'id'>, settings: OperatorSettings): boolean {
  if (about.subject?.id === actor.id || about.named.includes(actor.id)) return false;
  const wasAsked = about.question?.path.some(({ id, outcome }) => id === actor.id && outcome === 'asked');
  return (
    roleOf(about, actor, settings) !== null ||
    (wasAsked === true && !isMonitored(about)) ||
    about.decisions.some((decision) => decision.by.id === actor.id)
  );
}

const watchedOnly = (): Ruling =>
  refused(
    'decide.monitored',
    'This policy only watches: nobody was asked, so there is nothing to answer.',
    true,
  );

function ruleAnswer(about: Case, attempt: Answer, role: Role): Ruling {
  if (isMonitored(about)) return watchedOnly();
  if (about.state === 'routing') return refused('decide.between-questions', whyAnew(about), true);
  if (about.state !== 'asking' || !about.question)
    return refused('decide.already-decided', alreadyDecided(about), true);
  if (attempt.questionId !== null && attempt.questionId !== about.question.id)
    return refused(
      'decide.stale',
      'That question has been replaced by a newer one, which is shown now.',
      true,
    );
  if (attempt.verb === 'approve' && !about.question.offers.some((offer) => offer.key === attempt.offer))
    return refused('decide.not-offered', 'That is not one of the choices of this question.', true);
  if (attempt.verb === 'keep' && !about.containedFirst)
    return refused('decide.not-contained', 'Nothing was contained yet that could be kept.', true);
  if (attempt.verb === 'escalate' && isWithSecurity(about.question))
    return refused('decide.with-security', 'This question is with the security team already.', true);
  return { kind: 'allowed', role };
}

/** Why the question is asked anew, a sentence: what was said last, unless something came in since. */
export function whyAnew({ question, decisions, decidedBefore = 0, unreachable }: Case): string {
  const last = decisions.at(-1);
  if (last?.verb === 'correct')
    return `${last.by.name} took the answer back, so the question is asked again.`;
  if (last && decidedBefore < decisions.length) return `${saidWords(last)} The question is on its way.`;
  if (!question) return 'The question is on its way to whoever is asked first.';
  return unreachable.length > 0
    ? 'Something new came in, or somebody could not be reached, so the question is asked again.'
    : 'Something new came in, so the question is asked again.';
}

function saidWords({ verb, by, to, awaits }: Decision): string {
  if (verb === 'reassign') return `${by.name} handed this on${to ? ` to ${to.name}` : ''}.`;
  if (verb === 'escalate') return `${by.name} handed this to the security team.`;
  return awaits ? `${by.name} has answered, and somebody else has to agree.` : `${by.name} answered before.`;
}

/** The end of an undo is the end of the case: a question that is still open would never be answered. */
const QUESTION_FIRST =
  'There is a question open in this case. Answer it first (with "expected" nothing more is changed); what was done before can be undone after that.';

/** What it would take back, and whose answer that was, the claim sees. */
function ruleCorrect(about: Case, attempt: Answer, actor: ChatActor, role: Role): Ruling {
  if (isMonitored(about)) return watchedOnly();
  // What they have signed is theirs, whatever has become of the question that they signed.
  if (hasSigned(about, actor.id)) return { kind: 'allowed', role };
  if (attempt.questionId !== null && attempt.questionId !== about.question?.id)
    return refused('decide.stale', 'That card is out of date; the case is shown as it stands now.', true);
  return { kind: 'allowed', role };
}

const RELEASE =
  'There is a question open in this case. Answer it first: "expected" also puts back what was contained before anybody had answered.';

function ruleUndo(about: Case, attempt: Answer, role: Role): Ruling {
  if (attempt.questionId !== null && attempt.questionId !== about.question?.id)
    return refused('decide.stale', 'That card is out of date; the case is shown as it stands now.', true);
  if (about.state === 'undoing')
    return refused('decide.already-decided', 'It is being undone already.', true);
  if (about.state === 'undone') return refused('decide.already-decided', 'It has been undone already.', true);
  if (isOpen(about.state) && about.decisions.some(({ verb }) => verb === 'approve'))
    return refused('decide.question-first', about.containedFirst ? RELEASE : QUESTION_FIRST, true);
  if (about.state !== 'contained' && about.state !== 'dismissed')
    return refused('decide.nothing-to-undo', 'There is nothing to undo in this case now.', true);
  if (attempt.anyway && role !== 'security')
    return refused(
      'decide.security-only',
      'Only the security team can undo this over what was changed since.',
      true,
    );
  // Over what nobody was shown there is nothing to decide.
  if (attempt.anyway && !about.undoConflicts?.length)
    return refused(
      'decide.no-conflict',
      'Nothing is known to have changed since. Undo it without "anyway".',
      true,
    );
  return { kind: 'allowed', role };
}

function alreadyDecided(about: Case): string {
  const last = lastTaken(about);
  if (!last) return 'This question is closed.';
  return `Already decided by ${last.by.name} at ${timeMark(last.at)}.`;
}
