// The `route` step: looks up the subject, climbs to somebody who can answer and be reached, has the offers planned, and asks.
// Throws retryable errors for the worker to come back to: a question is never asked on half a look-up.

import { peopleAtStake } from '../case/behind-target.ts';
import type { PlannedOffer, WithheldOffer } from '../case/case.ts';
import { type Case, isMonitored, type Question, type Subject, SYSTEM } from '../case/case.ts';
import { type CountersignError, isCountersignError } from '../case/errors.ts';
import { parseUserId, type UserId } from '../case/ids.ts';
import { canonicalJson } from '../case/json.ts';
import type { Step } from '../case/run.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { AppInstaller } from '../ports/app-installer.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Directory, DirectoryUser, Manager } from '../ports/directory.ts';
import type { Ids } from '../ports/ids.ts';
import { chooseApprover, type Route } from './choose-approver.ts';
import { climbChain } from './climb-chain.ts';
import { closeOutOfScope, closeRecognised } from './close-unasked.ts';
import { BEHIND_POLL_MS, joinPerson } from './one-question.ts';
import { isPersonInScope } from './scope.ts';

/** While look-ups fail, the question waits this many tries (about ten minutes) before it is asked without them. */
const PATIENT_ATTEMPTS = 8;

export interface RouteParts {
  readonly store: CaseStore;
  readonly directory: Directory;
  readonly installer: AppInstaller;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tenantId: string;
  /** False where the operator's bounds send every question to the security team. */
  readonly mayAskManagers: boolean;
  /** Within how long what one person did is one question; 0: never. */
  readonly relatedMs: number;
  /** Whose the IAM users are. */
  readonly aws: Pick<OperatorSettings['aws'], 'iamUsers'>;
  /** Whether what is approved under this policy is only planned. */
  isDryRun(policy: string): boolean;
  plan(
    about: Case,
    subject: Subject | null,
    lastTry: boolean,
  ): Promise<{ readonly offers: readonly PlannedOffer[]; readonly withheld: readonly WithheldOffer[] }>;
}

export async function routeCase(step: Step, parts: RouteParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  if (about?.state !== 'routing') return parts.store.transact((tx) => tx.finishStep(step));
  if (await isOurOwnDoing(about, parts)) return closeRecognised(step, about, parts);
  if (await isBehind(about, parts)) return waitOn(step, parts);

  const lastTry = step.attempts + 1 >= PATIENT_ATTEMPTS;
  // Without the subject nobody can tell who must not answer: an outage is waited out, however long it lasts.
  const user = await lasting(lastTry, () => findSubject(about, parts.directory));
  if (user && !(await isInScope(about, user, lastTry, parts)))
    return closeOutOfScope(step, about, user, parts);
  const subject: Subject | null = user
    ? { id: user.id, name: user.displayName, userPrincipalName: user.userPrincipalName }
    : about.subject;
  const planned = await parts.plan(about, subject, lastTry);
  const atStake = await peopleOf(peopleAtStake(about, planned.offers, parts.aws), lastTry, parts);
  const named = await peopleOf(about.named, lastTry, parts);
  const known: Case = { ...about, named: [...new Set([...named, ...atStake])] };
  const choice = await chooseReachable(known, user, atStake, lastTry, parts);
  const question: Question = {
    id: parts.ids.questionId(),
    approver: choice.approver,
    path: choice.path,
    reason: choice.reason,
    offers: planned.offers,
    withheld: planned.withheld,
    askedAt: isoTime(parts.clock),
    ...(parts.isDryRun(about.policy.id) && { dryRun: true as const }),
  };
  await commitQuestion(step, { about: known, loaded: about }, subject, question, choice.unreachable, parts);
}

/** The question about the same person that goes first is not answered yet: nothing needs to be looked up. */
async function isBehind({ behind, question }: Case, { store }: RouteParts): Promise<boolean> {
  const first = behind && question === null ? await store.readCase(behind.id) : null;
  return first?.state === 'routing' || first?.state === 'asking';
}

const waitOn = (step: Step, { store }: RouteParts): Promise<void> =>
  store.transact(async (tx) => {
    await tx.addStep(step.caseId, { kind: 'route', key: step.key, delayMs: BEHIND_POLL_MS });
    await tx.finishStep(step);
  });

async function commitQuestion(
  step: Step,
  { about, loaded }: { readonly about: Case; readonly loaded: Case },
  subject: Subject | null,
  question: Question,
  unreachable: readonly UserId[],
  parts: RouteParts,
): Promise<void> {
  const monitored = isMonitored(about);
  const patch = { subject, named: about.named, unreachable, question };
  await parts.store.transact(async (tx) => {
    // Before any case is locked: whoever else asks about them does the same.
    if (subject) await tx.lockPerson(subject.id);
    await tx.assertLease(step);
    const current = await tx.lockCase(about.id);
    const { askedAt: at } = question;
    const isReady = current?.state === 'routing' && isAsRouted(current, loaded);
    const isPlaced =
      isReady && subject
        ? await joinPerson(tx, { ...current, named: about.named }, subject, {
            at,
            relatedMs: parts.relatedMs,
          })
        : false;
    if (isPlaced) return tx.finishStep(step);
    if (isReady)
      await commitTransition(tx, current, {
        event: monitored ? 'monitored' : 'asked',
        at: question.askedAt,
        patch: monitored ? { ...patch, outcome: [wouldHaveAsked(question)] } : patch,
        steps: monitored ? [] : [{ kind: 'ask', key: question.id }],
        note: {
          kind: monitored ? 'question.monitored' : 'question.asked',
          actor: SYSTEM,
          facts: {
            question: question.id,
            approver: question.approver.kind,
            offers: question.offers.map((offer) => offer.key),
          },
          personal: { subject: subject && { ...subject }, question: JSON.parse(JSON.stringify(question)) },
        },
      });
    // What was looked up has moved on: look again with what is there now.
    else if (current?.state === 'routing') await tx.addStep(about.id, { kind: 'route', key: step.key });
    await tx.finishStep(step);
  });
}

/**
 * Whether the case is still what its question was planned for. Repeats, statements and the like count without starting over:
 * whoever can make them fast enough could keep the question from ever being asked.
 */
const isAsRouted = (current: Case, loaded: Case): boolean =>
  canonicalJson(routedBy(current)) === canonicalJson(routedBy(loaded));

const routedBy = (one: Case) => ({
  ...{ policy: one.policy.hash, hint: one.hint, scope: one.scope, toSecurity: one.toSecurity },
  ...{ targets: one.targets, callers: one.callers, mentioned: one.mentioned, unreachable: one.unreachable },
  ...{ proposals: one.proposals, severity: one.severity, attempt: one.attempt },
  deeds: one.deeds?.map(({ key }) => key),
});

function wouldHaveAsked({ approver, reason }: Question): string {
  const who = approver.kind === 'person' ? approver.name : 'The security team';
  return `This policy only watches. ${who} would have been asked: ${reason}`;
}

/** Asks the chooser again for as long as the one it chose turns out not to be reachable. */
async function chooseReachable(
  about: Case,
  subject: DirectoryUser | null,
  atStake: readonly string[],
  lastTry: boolean,
  parts: RouteParts,
): Promise<Route & { readonly unreachable: readonly UserId[] }> {
  const securityOnly = about.policy.securityOnly || !parts.mayAskManagers;
  const skipChain = about.toSecurity !== null || securityOnly || !subject;
  const chain: readonly Manager[] = skipChain
    ? []
    : ((await patient(lastTry, () => climbChain(parts.directory, subject.id))) ?? []);
  const unreachable = new Set(about.unreachable);
  const otherSubjects = new Set<UserId>();
  for (const link of chain)
    if (link.kind === 'user' && (await parts.store.isSubjectOfOpenCase(link.user.id, about.id)))
      otherSubjects.add(link.user.id);
  for (;;) {
    const choice = chooseApprover({
      subject,
      unknownReason:
        about.hint.kind === 'unknown' ? about.hint.reason : 'The directory knows nobody by that name.',
      chain: chain.map((manager) => ({ manager, reachable: 'unknown' })),
      atStake,
      named: about.named,
      unreachable: [...unreachable],
      otherSubjects,
      toSecurity: about.toSecurity,
      securityOnly,
    });
    const { approver } = choice;
    // Looking for their chat may install the app for them, which nobody who is not asked should notice.
    if (approver.kind === 'security' || isMonitored(about))
      return { ...choice, unreachable: [...unreachable] };
    if (await patient(lastTry, () => isReachable(approver.id, parts)))
      return { ...choice, unreachable: [...unreachable] };
    unreachable.add(approver.id);
  }
}

/** A stored conversation, or one made by installing the app through Graph. */
async function isReachable(person: UserId, parts: RouteParts): Promise<boolean> {
  if (await parts.store.findReachable(parts.tenantId, person)) return true;
  const conversation = await parts.installer.openChat(person);
  if (!conversation) return false;
  // The installation's own activity may have arrived meanwhile, and knows more than we do.
  if (!(await parts.store.findReachable(parts.tenantId, person)))
    await parts.store.saveReachable({ tenantId: parts.tenantId, id: person, teamsId: '', conversation });
  return true;
}

async function findSubject(about: Case, directory: Directory): Promise<DirectoryUser | null> {
  return about.hint.kind === 'entra' ? directory.findUser(about.hint.id) : null;
}

/** Names in evidence and in the settings become object ids, so that a click by one of them is recognised. What is not found stays as it is. */
async function peopleOf(
  names: readonly string[],
  lastTry: boolean,
  { directory }: RouteParts,
): Promise<readonly string[]> {
  const resolve = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const name of names) {
      const id = parseUserId(name) ?? (name.includes('@') ? (await directory.findUser(name))?.id : null);
      ids.push(id ?? name);
    }
    return [...new Set(ids)];
  };
  return (await lasting(lastTry, resolve)) ?? names;
}

/** As `patient`, but only what no later try can mend is given up on. */
const lasting = <T>(lastTry: boolean, look: () => Promise<T>): Promise<T | null> =>
  patient(lastTry, look, (error) => error.retryable);

/** Null instead of the error once patience has run out: the security team is asked, rather than nobody. */
async function patient<T>(
  lastTry: boolean,
  look: () => Promise<T>,
  holdsOut: (error: CountersignError) => boolean = () => false,
): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (!lastTry || !isCountersignError(error) || holdsOut(error)) throw error;
    return null;
  }
}

/** A call by our own role that came in before its request id was on record. */
async function isOurOwnDoing(about: Case, parts: RouteParts): Promise<boolean> {
  if (about.policy.id !== OWN_ROLE_POLICY || about.requestIds.length === 0) return false;
  return parts.store.transact(async (tx) => {
    for (const id of about.requestIds) if (!(await tx.isOurRequest(id))) return false;
    return true;
  });
}

/**
 * What the record left open, now that the person is known. Only before the first question: nobody is told that a question which
 * stands before them is none. A membership that cannot be looked at for good does not keep anybody from being asked.
 */
async function isInScope(
  { scope, question }: Case,
  user: DirectoryUser,
  lastTry: boolean,
  { directory }: RouteParts,
): Promise<boolean> {
  if (!scope || question) return true;
  const judged = await lasting(lastTry, () =>
    isPersonInScope(scope, user, (groups) => directory.isMemberOfAny(user.id, groups)),
  );
  return judged ?? true;
}

/** The built-in policy for calls by Countersign's own role. */
export const OWN_ROLE_POLICY = 'countersign-role-misuse';
/** Our own calls reach CloudTrail's doors possibly before their request ids are committed: wait before believing the worst. */
export const OWN_ROLE_DELAY_MS = 60_000;
