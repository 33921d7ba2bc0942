// Who may decide what. Pure. Asked twice: when the click arrives, and again on the locked row at the claim.
import { peopleAtStake } from '../case/behind-target.ts';
import { type Case, type Decision, isMonitored, lastTaken, type Verb } from '../case/case.ts';
import { isAsked, isLate, isWithSecurity } from '../case/question.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { decidersOf, hasSigned } from '../case/signed.ts';
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

interface Refused {
  readonly kind: 'refused';
  readonly code: string;
  readonly say: Said;
  /** The person was asked or has the role, so the answer may show the case as it stands. */
  readonly mayLook: boolean;
}
export type Ruling = { readonly kind: 'allowed'; readonly role: Role } | Refused;

const refused = (code: string, words: Said, mayLook: boolean): Refused => ({
  kind: 'refused',
  code,
  say: words,
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
  if (conflict && !UNKNOWN.includes(conflict.code)) return conflict;
  if (!role) return conflict ?? notTheirs('decide.not-asked');
  const ruling = ruleAttempt(about, attempt, actor, role);
  if (!conflict) return ruling;
  // Pressing again would not help whoever comes too late.
  return ruling.kind === 'refused' ? { ...ruling, mayLook: false } : conflict;
}

function ruleAttempt(about: Case, attempt: Answer, actor: ChatActor, role: Role): Ruling {
  if (attempt.verb === 'undo') return ruleUndo(about, attempt, role);
  return attempt.verb === 'correct'
    ? ruleCorrect(about, attempt, actor, role)
    : ruleAnswer(about, attempt, role);
}

/** What could not be looked up just now. */
const UNKNOWN: readonly string[] = ['decide.risk-unknown', 'decide.account-unknown'];

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
  if (role !== 'security') return refused('decide.security-only', say('decide.security-proposes'), true);
  if (isMonitored(about)) return watchedOnly();
  if (canFollow(about.state, 'proposed')) return { kind: 'allowed', role };
  return refused('decide.not-now', NOT_NOW[about.state] ?? say('decide.closed'), true);
}

const NOT_NOW: Readonly<Partial<Record<CaseState, Said>>> = {
  routing: say('decide.propose-later.routing'),
  executing: say('decide.propose-later.executing'),
  undoing: say('decide.propose-later.undoing'),
};

/** Whoever was not asked learns nothing of the case, not even that it is about them. */
const notTheirs = (code: string): Refused => refused(code, say('decide.with-somebody-else'), false);

function ruleConflict(
  about: Case,
  role: Role | null,
  actor: ChatActor,
  facts: ActorFacts,
  settings: OperatorSettings,
): Refused | null {
  const refusedTo = (code: string, words: Said): Refused =>
    role ? refused(code, words, false) : notTheirs(code);
  if (about.subject?.id === actor.id || about.named.includes(actor.id) || isHinted(about, actor))
    return refusedTo('decide.conflict', say('decide.about-you'));
  // Those known by principal name alone are among the named by the time the question is asked.
  if (peopleAtStake(about, about.question?.offers ?? [], settings.aws).includes(actor.id))
    return refusedTo('decide.conflict', AT_STAKE);
  if (facts.isSubjectElsewhere) return refusedTo('decide.under-question', say('decide.under-question'));
  // Of whoever has no say it is not even looked up.
  if (!role) return null;
  if (facts.isAtRisk === true) return refusedTo('decide.at-risk', say('decide.at-risk'));
  if (facts.isAtRisk === 'unknown') return refusedTo('decide.risk-unknown', say('decide.risk-unknown'));
  if (facts.account === 'unknown') return refusedTo('decide.account-unknown', say('decide.account-unknown'));
  if (facts.account !== undefined && !isUsable(facts.account, actor.id, settings))
    return refusedTo('decide.account', say('decide.account-unusable'));
  return null;
}

export const AT_STAKE = say('decide.at-stake');

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

/** What an answer that comes late may be: it hands nothing on, and takes nothing back that others decided. */
const LATE: readonly Verb[] = ['approve', 'dismiss', 'keep', 'escalate'];

/** As `roleOf`; whoever gave an answer can take it back, whoever is asked by now, and whom silence took the question from can answer. */
export const roleFor = (
  about: Case,
  { verb }: Pick<Answer, 'verb'>,
  actor: Pick<ChatActor, 'id'>,
  settings: OperatorSettings,
): Role | null =>
  roleOf(about, actor, settings) ??
  ((verb === 'correct' && (decidersOf(about).includes(actor.id) || hasSigned(about, actor.id))) ||
  (isLate(about.question, actor.id) && (LATE.includes(verb) || isOwnUndo(about, verb, actor)))
    ? 'approver'
    : null);

const isOwnUndo = (about: Case, verb: Verb, { id }: Pick<ChatActor, 'id'>): boolean =>
  verb === 'undo' && lastTaken(about)?.by.id === id;

/** Whether this person may see the case: asked now or earlier, or the security role; never its subject. */
export function maySee(about: Case, actor: Pick<ChatActor, 'id'>, settings: OperatorSettings): boolean {
  if (about.subject?.id === actor.id || about.named.includes(actor.id)) return false;
  const wasAsked = about.question?.path.some(({ id, outcome }) => id === actor.id && outcome === 'asked');
  return (
    roleOf(about, actor, settings) !== null ||
    isLate(about.question, actor.id) ||
    (wasAsked === true && !isMonitored(about)) ||
    about.decisions.some((decision) => decision.by.id === actor.id)
  );
}

const watchedOnly = (): Ruling => refused('decide.monitored', say('decide.monitored'), true);

function ruleAnswer(about: Case, attempt: Answer, role: Role): Ruling {
  if (isMonitored(about)) return watchedOnly();
  if (about.state === 'routing') return refused('decide.between-questions', whyAnew(about), true);
  if (about.state !== 'asking' || !about.question)
    return refused('decide.already-decided', alreadyDecided(about), true);
  if (attempt.questionId !== null && attempt.questionId !== about.question.id)
    return refused('decide.stale', say('decide.question-replaced'), true);
  if (attempt.verb === 'approve' && !about.question.offers.some((offer) => offer.key === attempt.offer))
    return refused('decide.not-offered', say('decide.not-a-choice'), true);
  if (attempt.verb === 'keep' && !about.containedFirst)
    return refused('decide.not-contained', say('decide.nothing-to-keep'), true);
  if (attempt.verb === 'escalate' && isWithSecurity(about.question))
    return refused('decide.with-security', say('decide.with-security-already'), true);
  return { kind: 'allowed', role };
}

/** Why the question is asked anew, a sentence: what was said last, unless something came in since. */
export function whyAnew({ question, decisions, decidedBefore = 0, unreachable }: Case): Said {
  const last = decisions.at(-1);
  if (last?.verb === 'correct') return say('decide.anew.taken-back', { name: last.by.name });
  if (last && decidedBefore < decisions.length)
    return sentences([saidWords(last), say('decide.anew.on-its-way')]);
  if (!question) return say('decide.anew.first');
  return unreachable.length > 0 ? say('decide.anew.out-of-reach') : say('decide.anew.grown');
}

function saidWords({ verb, by: { name }, to, awaits }: Decision): Said {
  if (verb === 'reassign')
    return to ? say('decide.handed-on-to', { name, to: to.name }) : say('decide.handed-on', { name });
  if (verb === 'escalate') return say('decide.handed-over', { name });
  return awaits ? say('decide.answered-awaits', { name }) : say('decide.answered-before', { name });
}

/** The end of an undo is the end of the case: a question that is still open would never be answered. */
const QUESTION_FIRST = say('decide.question-first');

/** What it would take back, and whose answer that was, the claim sees. */
function ruleCorrect(about: Case, attempt: Answer, actor: ChatActor, role: Role): Ruling {
  if (isMonitored(about)) return watchedOnly();
  // What they have signed is theirs, whatever has become of the question that they signed.
  if (hasSigned(about, actor.id)) return { kind: 'allowed', role };
  if (attempt.questionId !== null && attempt.questionId !== about.question?.id)
    return refused('decide.stale', say('decide.card-out-of-date'), true);
  return { kind: 'allowed', role };
}

const RELEASE = say('decide.release-first');

function ruleUndo(about: Case, attempt: Answer, role: Role): Ruling {
  if (attempt.questionId !== null && attempt.questionId !== about.question?.id)
    return refused('decide.stale', say('decide.card-out-of-date'), true);
  if (about.state === 'undoing') return refused('decide.already-decided', say('decide.being-undone'), true);
  if (about.state === 'undone') return refused('decide.already-decided', say('decide.undone-already'), true);
  if (isOpen(about.state) && about.decisions.some(({ verb }) => verb === 'approve'))
    return refused('decide.question-first', about.containedFirst ? RELEASE : QUESTION_FIRST, true);
  if (about.state !== 'contained' && about.state !== 'dismissed')
    return refused('decide.nothing-to-undo', say('decide.nothing-to-undo-now'), true);
  if (attempt.anyway && role !== 'security')
    return refused('decide.security-only', say('decide.security-undoes-over'), true);
  return { kind: 'allowed', role };
}

function alreadyDecided(about: Case): Said {
  const last = lastTaken(about);
  if (!last) return say('decide.question-closed');
  return say('decide.already-decided', { name: last.by.name, at: { time: last.at } });
}
