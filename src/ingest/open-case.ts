// Turns a match into a case, or adds it to the one that is open. Pure.
import { type Alert, type Fact, isAtLeast, type Severity, type Target, targetKey } from '../case/alert.ts';
import type { Case, PeopleScope, SubjectHint } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import type { Policy } from '../case/policy.ts';
import { callsOf } from './calls.ts';

/** A match with what routing could tell from the alert alone. */
export interface Opening {
  readonly policy: Policy;
  readonly severity: Severity;
  readonly hint: SubjectHint;
  readonly groupKey: string;
  /** What of the policy's scope is left for the directory to judge. */
  readonly scope?: PeopleScope;
  /** Object ids or principal names of everyone in the evidence. */
  readonly named: readonly string[];
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

const FACTS_SHOWN = 8;
const TARGETS_KEPT = 20;
/** Named in one alert; more than that is no evidence about anybody. */
const PEOPLE_KEPT = 50;
/** Of what joined: the rest is found through the alerts themselves. */
const LATEST_KEPT = 50;
/** Calls beyond these are never taken for repeats. */
const CALLS_KEPT = 100;

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
      stage: policy.stage,
      grouping: policy.grouping,
    },
    ...(opening.scope && { scope: opening.scope }),
    groupKey: opening.groupKey,
    severity: opening.severity,
    title: alert.title,
    attempt: alert.attempt,
    hint: opening.hint,
    subject: null,
    named: opening.named.slice(0, PEOPLE_KEPT),
    mentioned: opening.named.slice(0, PEOPLE_KEPT),
    targets: alert.targets.slice(0, TARGETS_KEPT),
    facts: withCount(alert.facts, opening).slice(0, FACTS_SHOWN),
    sources: [{ source: alert.source, sourceId: alert.sourceId, resolved: alert.resolved }],
    requestIds: alert.requestId ? [alert.requestId] : [],
    calls: callsOf(alert, opening.hint),
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

export interface Joined {
  readonly patch: Partial<Case>;
  /** A new target, a new person or a higher severity: what was asked no longer says the truth. */
  readonly widened: boolean;
}

/**
 * What an alert adds to an open case. A refused call changed nothing, so it never asks anew: whoever is in question could
 * otherwise replace the question once a second by failing at made-up names. What no longer fits is counted, not asked about.
 */
export function joinCase(open: Case, opening: Opening, alert: Alert): Joined {
  const succeeded = open.attempt && !alert.attempt;
  const known = new Set(open.targets.map(targetKey));
  const fresh = alert.targets.filter((target) => !known.has(targetKey(target)));
  // What happened stands before what was only tried: it is planned, and shown, first.
  const targets = succeeded
    ? [...fresh, ...open.targets]
    : [...open.targets, ...(alert.attempt ? [] : fresh)];
  const kept = targets.slice(0, TARGETS_KEPT);
  const mentioned = new Set(open.mentioned);
  const people = namedNow(open, opening)
    .filter((name) => !mentioned.has(name))
    .slice(0, PEOPLE_KEPT - mentioned.size);
  const higher = opening.severity !== open.severity && isAtLeast(opening.severity, open.severity);
  // What joins without a doubt whether the policy looks at it takes the doubt from the whole case.
  const isDoubted = opening.scope !== undefined && isSubject(open, opening.hint);
  // What was asked of a counted policy is how many there were: each further one is shown, and asks nothing anew.
  const isNew = !opening.counted && kept.some((target) => !known.has(targetKey(target)));
  return {
    widened: isNew || people.length > 0 || higher || succeeded,
    patch: {
      severity: higher ? opening.severity : open.severity,
      title: succeeded ? alert.title : open.title,
      facts: withCount(succeeded ? alert.facts : open.facts, opening).slice(0, FACTS_SHOWN),
      attempt: open.attempt && alert.attempt,
      ...(open.scope && !isDoubted && { scope: {} }),
      named: [...open.named, ...people],
      mentioned: [...open.mentioned, ...people],
      targets: kept,
      sources: joinedSources(open, alert),
      requestIds: alert.requestId
        ? [...open.requestIds, alert.requestId].slice(-LATEST_KEPT)
        : open.requestIds,
      calls: joinedCalls(open, kept, opening, alert),
      ...counted(open, alert),
    },
  };
}

/** In the place of what was counted before. */
const withCount = (facts: readonly Fact[], { counted }: Opening): readonly Fact[] =>
  counted ? [counted.fact, ...facts.filter((fact) => fact.label !== counted.fact.label)] : facts;

const earlier = (one: string | undefined, other: string): string => (one && one < other ? one : other);

/** One more, whatever it was. */
export const counted = (about: Case, alert: Alert): Pick<Case, 'seen' | 'firstSeenAt' | 'lastSeenAt'> => ({
  seen: about.seen + 1,
  firstSeenAt: alert.occurredAt < about.firstSeenAt ? alert.occurredAt : about.firstSeenAt,
  lastSeenAt: alert.occurredAt > about.lastSeenAt ? alert.occurredAt : about.lastSeenAt,
});

/** Whoever did it is in question too, where the case is about somebody else (or nobody): they must not answer it. */
const namedNow = (open: Case, { hint, named }: Opening): readonly string[] =>
  hint.kind === 'entra' && !isSubject(open, hint) ? [...named, hint.id.toLowerCase()] : named;

const isSubject = ({ hint }: Case, other: SubjectHint): boolean =>
  hint.kind === 'entra' && other.kind === 'entra' && hint.id.toLowerCase() === other.id.toLowerCase();

/** Only calls on targets that the case knows: a repeat of what nobody was shown is not a repeat. */
function joinedCalls(
  open: Case,
  kept: readonly Target[],
  opening: Opening,
  alert: Alert,
): NonNullable<Case['calls']> {
  const known = new Set(kept.map(targetKey));
  const calls = open.calls ?? [];
  if (!alert.targets.every((target) => known.has(targetKey(target)))) return calls;
  return [...new Set([...calls, ...callsOf(alert, opening.hint)])].slice(0, CALLS_KEPT);
}

function joinedSources(open: Case, alert: Alert): Case['sources'] {
  const others = open.sources.filter((one) => one.source !== alert.source || one.sourceId !== alert.sourceId);
  const { source, sourceId, resolved } = alert;
  return [...others, { source, sourceId, resolved }].slice(-LATEST_KEPT);
}
