// The `route` step: looks up the subject, climbs to somebody who can answer and be reached, has the offers planned, and asks.
// Throws retryable errors for the worker to come back to: a question is never asked on half a look-up.

import { askSteps } from '../case/ask-step.ts';
import { peopleAtStake } from '../case/behind-target.ts';
import { type Case, isMonitored, type Subject, SYSTEM } from '../case/case.ts';
import { chaseSteps } from '../case/chase-step.ts';
import { parseUserId } from '../case/ids.ts';
import { canonicalJson } from '../case/json.ts';
import type { Question } from '../case/question.ts';
import type { Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import type { NewStep } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Directory, DirectoryUser } from '../ports/directory.ts';
import { chooseApprover, type Route } from './choose-approver.ts';
import { closeOutOfScope, closeRecognised } from './close-unasked.ts';
import { adminSteps, type Inquiry, inquire } from './inquiry.ts';
import { lateOf } from './late.ts';
import { BEHIND_POLL_MS, joinPerson } from './one-question.ts';
import { lasting, type RouteParts } from './parts.ts';
import { isWaiting, waitsFor } from './place-of.ts';
import { isPersonInScope } from './scope.ts';
import { whyTwoPeople } from './two-people.ts';

/** While look-ups fail, the question waits this many tries (about ten minutes) before it is asked without them. */
const PATIENT_ATTEMPTS = 8;

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
  const atStake = await peopleOf(peopleAtStake(about, planned.offers, parts.settings.aws), lastTry, parts);
  const named = await peopleOf(about.named, lastTry, parts);
  const known: Case = { ...about, subject, named: [...new Set([...named, ...atStake])] };
  const inquiry = inquire({ about: known, subject: user, atStake, lastTry, parts });
  const route = await chooseApprover(inquiry);
  const question = await questionOf(inquiry, route, planned, parts);
  await commitQuestion(step, { about: known, loaded: about }, question, inquiry, parts);
}

/** The question about the same person that goes first is not answered yet: nothing needs to be looked up. */
async function isBehind(about: Case, { store, settings }: RouteParts): Promise<boolean> {
  const first = about.behind && isWaiting(about) ? await store.readCase(about.behind.id) : null;
  return first !== null && waitsFor(about, first, settings.asking);
}

const waitOn = (step: Step, { store }: RouteParts): Promise<void> =>
  store.transact(async (tx) => {
    await tx.addStep(step.caseId, { kind: 'route', key: step.key, delayMs: BEHIND_POLL_MS });
    await tx.finishStep(step);
  });

async function questionOf(
  inquiry: Inquiry,
  { approver, beside, rule, needs, path, reason }: Route,
  { offers, withheld }: Pick<Question, 'offers' | 'withheld'>,
  parts: RouteParts,
): Promise<Question> {
  const { about } = inquiry;
  const twoPeople = await whyTwoPeople(inquiry, offers);
  const late = approver.kind === 'security' ? lateOf(inquiry) : [];
  const question: Question = {
    id: parts.ids.questionId(),
    approver,
    ...(beside.length > 0 && { beside }),
    ...(late.length > 0 && { late }),
    ...(rule && { rule }),
    ...(needs && { needs }),
    ...(twoPeople && { twoPeople }),
    ...{ path, reason, offers, withheld },
    askedAt: isoTime(parts.clock),
    ...(isDryRun(about.policy.id, parts.settings) && { dryRun: true as const }),
  };
  return { ...question, clock: await parts.clockFor(about, question) };
}

async function commitQuestion(
  step: Step,
  { about, loaded }: { readonly about: Case; readonly loaded: Case },
  question: Question,
  inquiry: Inquiry,
  parts: RouteParts,
): Promise<void> {
  const monitored = isMonitored(about);
  const { subject, named } = about;
  const patch = { subject, named, unreachable: [...inquiry.unreachable], question };
  const steps: readonly NewStep[] = [...askSteps(question), ...chaseSteps(question), ...adminSteps(inquiry)];
  const { settings } = parts;
  await parts.store.transact(async (tx) => {
    // Before any case is locked: whoever else asks about them does the same.
    if (subject) await tx.lockPerson(subject.id);
    await tx.assertLease(step);
    const current = await tx.lockCase(about.id);
    const { askedAt: at } = question;
    const isReady = current?.state === 'routing' && isAsRouted(current, loaded);
    const isPlaced =
      isReady && subject ? await joinPerson(tx, { ...current, named }, subject, { at, settings }) : false;
    if (isPlaced) return tx.finishStep(step);
    if (isReady)
      await commitTransition(tx, current, {
        event: monitored ? 'monitored' : 'asked',
        at: question.askedAt,
        patch: {
          ...patch,
          ...(monitored && { outcome: [wouldHaveAsked(question)] }),
          // It said that it waits.
          ...(isWaiting(current) && { outcome: [] }),
        },
        steps: monitored ? [] : steps,
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
  ...{ reassigned: one.reassigned, subjectAsked: one.subjectAsked },
  // What joins as part of one question about one person.
  ...{ offers: one.policy.offers, asking: one.policy.asking, named: one.named },
  related: one.related?.map(({ id }) => id),
  deeds: one.deeds?.map(({ key }) => key),
});

const wouldHaveAsked = ({ approver, reason }: Question): Said =>
  approver.kind === 'security'
    ? say('route.watched.security', { reason })
    : say('route.watched.person', { name: approver.name, reason });

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
