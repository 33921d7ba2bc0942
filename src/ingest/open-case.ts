// Turns a match into a case, or adds it to the one that is open. Pure.
import { type Alert, type Fact, isAtLeast, type Severity } from '../case/alert.ts';
import { type Case, countedOf, type Deed, type PeopleScope, type SubjectHint } from '../case/case.ts';
import { freshTargets, joinCallers, known, onlyTried } from '../case/case-targets.ts';
import type { CaseId } from '../case/ids.ts';
import {
  CALLERS_KEPT,
  DEEDS_KEPT,
  FACTS_SHOWN,
  LATEST_KEPT,
  PEOPLE_KEPT,
  TARGETS_KEPT,
} from '../case/merge-cases.ts';
import type { Policy } from '../case/policy.ts';
import { sameSaid } from '../case/said.ts';
import type { Target } from '../case/target.ts';

import { deedOf, isProven } from './deeds.ts';

/** A match with what routing could tell from the alert alone. */
export interface Opening {
  readonly policy: Policy;
  readonly severity: Severity;
  readonly hint: SubjectHint;
  readonly groupKey: string;
  /** The groups of the broader policies' cases about the same subject or caller: this one asks in their place. */
  readonly covered?: readonly string[];
  /** What of the policy's scope is left for the directory to judge. */
  readonly scope?: PeopleScope;
  /** Object ids or principal names of everyone in the evidence. */
  readonly named: readonly string[];
  /** Who called, as AWS itself names them. */
  readonly callers?: readonly Target[];
  /** Of a counted policy: what was counted up to this alert. */
  readonly counted?: CountedSoFar;
}

export interface CountedSoFar {
  readonly events: number;
  /** When the first of them happened, ISO 8601 in UTC. */
  readonly since: string;
  /** Said before the alert's own facts. */
  readonly fact: Fact;
}

export function openCase(
  opening: Opening,
  alert: Alert,
  fresh: { readonly id: CaseId; readonly ref: string; readonly nonce: string },
  at: string,
): Case {
  const { policy } = opening;
  return {
    ...fresh,
    state: 'routing',
    version: 1,
    policy: {
      id: policy.id,
      title: policy.title,
      text: policy.text,
      hash: policy.hash,
      question: policy.question,
      offers: policy.offers,
      securityOnly: policy.securityOnly,
      asking: policy.asking,
      stage: policy.stage,
      grouping: policy.grouping,
    },
    ...(opening.scope && { scope: opening.scope }),
    groupKey: opening.groupKey,
    severity: opening.severity,
    hint: opening.hint,
    subject: null,
    named: opening.named.slice(0, PEOPLE_KEPT),
    mentioned: opening.named.slice(0, PEOPLE_KEPT),
    ...askedFor(opening, alert),
    seen: opening.counted?.events ?? 1,
    openedAt: at,
    firstSeenAt: earlier(opening.counted?.since, alert.occurredAt),
    lastSeenAt: alert.occurredAt,
    toSecurity: null,
    unreachable: [],
    question: null,
    decisions: [],
    outcome: [],
    updatedAt: at,
  };
}

/** What a question is about that this alert raises, and nothing else yet. */
export const askedFor = (opening: Opening, alert: Alert) =>
  ({
    title: alert.title,
    attempt: alert.attempt,
    targets: alert.targets.slice(0, TARGETS_KEPT).map((one) => (alert.attempt ? onlyTried(one) : one)),
    callers: joinCallers(opening.callers).slice(0, CALLERS_KEPT),
    moreTargets: (alert.moreTargets ?? 0) + Math.max(0, alert.targets.length - TARGETS_KEPT),
    deeds: [deedOf(alert, opening.hint)],
    moreDeeds: 0,
    mostCounted: opening.counted?.events ?? 0,
    countedBy: opening.counted ? { [opening.policy.id]: opening.counted.events } : {},
    askedCounted: opening.counted?.events ?? 0,
    facts: withCount(alert.facts, opening).slice(0, FACTS_SHOWN),
    sources: [{ source: alert.source, sourceId: alert.sourceId, resolved: alert.resolved }],
    requestIds: alert.requestId ? [alert.requestId] : [],
  }) satisfies Partial<Case>;

export interface Joined {
  readonly patch: Partial<Case>;
  /** A new deed, a new person or caller, or a higher severity: what was asked no longer says the truth. */
  readonly widened: boolean;
}

/**
 * What an alert adds to an open case. A refused call changed nothing, so it never asks anew: whoever is in question could
 * otherwise replace the question once a second by failing at made-up names. `at` is the time of ingest.
 */
export function joinCase(open: Case, opening: Opening, alert: Alert, at: string): Joined {
  if (isAnswered(open, opening, alert, at)) return { widened: false, patch: besides(open, opening, alert) };
  const succeeded = open.attempt && !alert.attempt;
  const happened = alert.attempt ? [] : alert.targets;
  const fresh = freshTargets(open.targets, happened);
  const listed = known(open.targets, happened);
  // What happened stands before what was only tried: it is planned, and shown, first.
  const targets = succeeded ? [...fresh, ...listed] : [...listed, ...fresh];
  const callers = joinCallers(open.callers, opening.callers).slice(0, CALLERS_KEPT);
  const people = newPeople(open, opening);
  const higher = isHigher(open, opening);
  // What joins without a doubt whether the policy looks at it takes the doubt from the whole case.
  const isDoubted = opening.scope !== undefined && isSubject(open, opening.hint);
  const isNew = !isKnown(open, opening, alert, at);
  const fits = isListable(open, opening, alert, at);
  const isMany = hasGrown(open, opening);
  return {
    // What was asked of a counted policy is how many there were: each further one is shown, and asks nothing anew before they are many more.
    widened:
      isMany ||
      (isNew && fits && !alert.attempt && !opening.counted) ||
      people.length > 0 ||
      higher ||
      succeeded ||
      (!alert.attempt && hasNewCaller(open, callers)),
    patch: {
      severity: higher ? opening.severity : open.severity,
      title: succeeded ? alert.title : open.title,
      facts: withCount(succeeded ? alert.facts : open.facts, opening).slice(0, FACTS_SHOWN),
      attempt: open.attempt && alert.attempt,
      ...(open.scope && !isDoubted && { scope: {} }),
      named: [...open.named, ...people],
      mentioned: [...open.mentioned, ...people],
      targets: targets.slice(0, TARGETS_KEPT),
      callers,
      ...(isNew && (!alert.attempt || opening.counted) && joinedDeeds(open, opening, alert)),
      ...joinedCount(open, opening, isMany),
      sources: joinedSources(open, alert),
      requestIds: alert.requestId
        ? [...open.requestIds, alert.requestId].slice(-LATEST_KEPT)
        : open.requestIds,
      ...counted(open, alert),
    },
  };
}

/** Whoever answers is not asked about it: nothing of it may be acted on, nor told of the answer. */
const besides = (open: Case, opening: Opening, alert: Alert): Partial<Case> => ({
  facts: withCount(open.facts, opening).slice(0, FACTS_SHOWN),
  ...joinedCount(open, opening, false),
  ...counted(open, alert),
});

/** So many more than were asked about that it is another question. */
const TIMES = 10;

const hasGrown = ({ askedCounted }: Case, { counted }: Opening): boolean =>
  counted !== undefined && askedCounted !== undefined && counted.events >= TIMES * Math.max(1, askedCounted);

function joinedCount(open: Case, { counted, policy }: Opening, isMany: boolean): Partial<Case> {
  if (!counted) return {};
  const isAskedLater = open.state === 'routing' || isMany;
  return {
    mostCounted: Math.max(open.mostCounted ?? 0, counted.events),
    countedBy: { ...open.countedBy, [policy.id]: Math.max(countedOf(open, policy.id), counted.events) },
    ...(isAskedLater && { askedCounted: Math.max(open.askedCounted ?? 0, counted.events) }),
  };
}

function joinedDeeds(open: Case, { hint }: Opening, alert: Alert): Pick<Case, 'deeds' | 'moreDeeds'> {
  const before = open.deeds ?? [];
  const deed = deedOf(alert, hint);
  const all: readonly Deed[] = open.attempt && !alert.attempt ? [deed, ...before] : [...before, deed];
  const deeds = all.slice(0, DEEDS_KEPT);
  return { deeds, moreDeeds: (open.moreDeeds ?? 0) + all.length - deeds.length };
}

/** False where the alert would have to be left out of what is listed: then it is a matter for a case of its own. */
export function isListable(open: Case, opening: Opening, alert: Alert, at: string): boolean {
  if (alert.attempt || opening.counted || isKnown(open, opening, alert, at)) return true;
  const fresh = freshTargets(open.targets, alert.targets).length;
  // What was only tried makes room.
  if (open.attempt) return fresh <= TARGETS_KEPT;
  return (open.deeds ?? []).length < DEEDS_KEPT && open.targets.length + fresh <= TARGETS_KEPT;
}

/** The case lists this deed, or it was answered. */
export const isKnown = (about: Case, opening: Opening, alert: Alert, at: string): boolean =>
  isListed(about, opening, alert) || isAnswered(about, opening, alert, at);

const isListed = (about: Case, { hint }: Opening, alert: Alert): boolean => {
  const { key } = deedOf(alert, hint);
  return about.deeds?.some((deed) => deed.key === key) ?? false;
};

/**
 * No part of what the case is about now: an earlier question was about it, and it was said to be expected, no longer ago than the
 * policy groups. It is certain who did it, and nothing about it is graver or new.
 */
export function isAnswered(about: Case, opening: Opening, alert: Alert, at: string): boolean {
  const { hint, policy } = opening;
  if (isListed(about, opening, alert) || !isProven(alert, hint)) return false;
  if (newPeople(about, opening).length > 0 || isHigher(about, opening) || hasGrown(about, opening))
    return false;
  const { key } = deedOf(alert, hint);
  const since = new Date(Date.parse(at) - policy.grouping.withinMs).toISOString();
  const takenBack = takenBackAt(about);
  return about.answered?.some((deed) => deed.key === key && deed.at >= since && deed.at > takenBack) ?? false;
}

/** What ends an exception ends what is counted in silence: a revoke, "that was not me", or that the answer was a mistake. */
function takenBackAt({ unexpectedSince = '', statements = [], decisions }: Case): string {
  const denied = statements.findLast(({ was }) => was === 'not-me')?.at ?? '';
  const corrected = decisions.findLast(({ verb }) => verb === 'correct')?.at ?? '';
  return [unexpectedSince, denied, corrected].reduce((latest, one) => (one > latest ? one : latest));
}

/** In the place of what was counted before. */
const withCount = (facts: readonly Fact[], { counted }: Opening): readonly Fact[] =>
  counted ? [counted.fact, ...facts.filter((fact) => !sameSaid(fact.label, counted.fact.label))] : facts;

const earlier = (one: string | undefined, other: string): string => (one && one < other ? one : other);

/** One more, whatever it was. */
export const counted = (about: Case, alert: Alert): Pick<Case, 'seen' | 'firstSeenAt' | 'lastSeenAt'> => ({
  seen: about.seen + 1,
  firstSeenAt: alert.occurredAt < about.firstSeenAt ? alert.occurredAt : about.firstSeenAt,
  lastSeenAt: alert.occurredAt > about.lastSeenAt ? alert.occurredAt : about.lastSeenAt,
});

export const isHigher = (about: Case, { severity }: Opening): boolean =>
  severity !== about.severity && isAtLeast(severity, about.severity);

/** Whom the case does not name yet, as far as there is room. */
export function newPeople(about: Case, opening: Opening): readonly string[] {
  const mentioned = new Set(about.mentioned);
  return namedNow(about, opening)
    .filter((name) => !mentioned.has(name))
    .slice(0, PEOPLE_KEPT - mentioned.size);
}

/** Whoever did it is in question too, where the case is about somebody else (or nobody): they must not answer it. */
const namedNow = (open: Case, { hint, named }: Opening): readonly string[] =>
  hint.kind === 'entra' && !isSubject(open, hint) ? [...named, hint.id.toLowerCase()] : named;

const isSubject = ({ hint }: Case, other: SubjectHint): boolean =>
  hint.kind === 'entra' && other.kind === 'entra' && hint.id.toLowerCase() === other.id.toLowerCase();

/** What is offered acts on those who called: one more, and whoever answers would leave them as they are without knowing. */
const hasNewCaller = ({ callers }: Case, now: readonly Target[]): boolean =>
  callers !== undefined && now.length > callers.length;

function joinedSources(open: Case, alert: Alert): Case['sources'] {
  const others = open.sources.filter((one) => one.source !== alert.source || one.sourceId !== alert.sourceId);
  const { source, sourceId, resolved } = alert;
  return [...others, { source, sourceId, resolved }].slice(-LATEST_KEPT);
}
