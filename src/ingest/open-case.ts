// Turns a match into a case, or adds it to the one that is open. Pure.
import { type Alert, isAtLeast, type Severity, type Target, targetKey } from '../case/alert.ts';
import type { Case, SubjectHint } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import type { Policy } from '../case/policy.ts';

/** A match with what routing could tell from the alert alone. */
export interface Opening {
  readonly policy: Policy;
  readonly severity: Severity;
  readonly hint: SubjectHint;
  readonly groupKey: string;
  /** Object ids or principal names of everyone in the evidence. */
  readonly named: readonly string[];
}

const FACTS_SHOWN = 8;
const TARGETS_KEPT = 50;

export function openCase(opening: Opening, alert: Alert, id: CaseId, ref: string, at: string): Case {
  const { policy } = opening;
  return {
    id,
    ref,
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
    },
    groupKey: opening.groupKey,
    severity: opening.severity,
    title: alert.title,
    attempt: alert.attempt,
    hint: opening.hint,
    subject: null,
    named: opening.named,
    targets: alert.targets.slice(0, TARGETS_KEPT),
    facts: alert.facts.slice(0, FACTS_SHOWN),
    sources: [{ source: alert.source, sourceId: alert.sourceId, resolved: alert.resolved }],
    requestIds: alert.requestId ? [alert.requestId] : [],
    seen: 1,
    openedAt: at,
    firstSeenAt: alert.occurredAt,
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

/** What an alert adds to an open case. */
export function joinCase(open: Case, opening: Opening, alert: Alert): Joined {
  const known = new Set(open.targets.map(targetKey));
  const added: Target[] = alert.targets.filter((target) => !known.has(targetKey(target)));
  const names = new Set(open.named);
  const newNames = opening.named.filter((name) => !names.has(name));
  const higher = opening.severity !== open.severity && isAtLeast(opening.severity, open.severity);
  const succeeded = open.attempt && !alert.attempt;
  const others = open.sources.filter((one) => one.source !== alert.source || one.sourceId !== alert.sourceId);
  return {
    widened: added.length > 0 || newNames.length > 0 || higher || succeeded,
    patch: {
      severity: higher ? opening.severity : open.severity,
      title: succeeded ? alert.title : open.title,
      attempt: open.attempt && alert.attempt,
      named: [...open.named, ...newNames],
      targets: [...open.targets, ...added].slice(0, TARGETS_KEPT),
      sources: [...others, { source: alert.source, sourceId: alert.sourceId, resolved: alert.resolved }],
      requestIds: alert.requestId ? [...open.requestIds, alert.requestId] : open.requestIds,
      seen: open.seen + 1,
      firstSeenAt: alert.occurredAt < open.firstSeenAt ? alert.occurredAt : open.firstSeenAt,
      lastSeenAt: alert.occurredAt > open.lastSeenAt ? alert.occurredAt : open.lastSeenAt,
    },
  };
}
