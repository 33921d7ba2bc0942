// Where what came about somebody is asked: as part of the question that is open about them, after it, or by itself. Pure. What is
// graver than a question never waits for it, and what is still to be asked swallows nothing that is graver.
import { isAtLeast } from '../case/alert.ts';
import type { AskingSettings } from '../case/asking.ts';
import { type Case, isMonitored, type RelatedPolicy, SYSTEM } from '../case/case.ts';
import { mergeCases } from '../case/merge-cases.ts';
import { isOfSamePeople, joinPolicies, mayBeContained } from './join-policies.ts';

/** Policies of one case: what asks about more than these, nobody reads. */
const MOST_RELATED = 10;

/** What a question about somebody becomes, given what else they are being asked about. */
export type Place =
  | { readonly kind: 'own' }
  | { readonly kind: 'joins'; readonly into: Case; readonly merged: Case }
  | { readonly kind: 'waits'; readonly behind: Case };

const OWN: Place = { kind: 'own' };

/**
 * `others`: cases about the same person that are asked or about to be, oldest first. Only what nobody was asked about yet joins.
 * What is asked takes whatever comes; of two that are not, the older takes the younger, and nothing that is graver: so two that
 * come at once do not join each other.
 */
export function placeOf(current: Case, others: readonly Case[], asking: AskingSettings): Place {
  if (wasAsked(current) || isMonitored(current)) return OWN;
  const near = others.filter(
    (other) => takes(other, current, asking) && belongs(current, other, asking.relatedMs),
  );
  for (const into of near) {
    const merged = joined(into, current, asking);
    if (merged) return { kind: 'joins', into, merged };
  }
  const behind = near.find((other) => waitsFor(current, other, asking));
  return behind ? { kind: 'waits', behind } : OWN;
}

/** Somebody was asked about it, or has said something. */
const wasAsked = ({ question, decisions, proposals }: Case): boolean =>
  question !== null || decisions.length > 0 || (proposals ?? []).length > 0;

/** Its turn has not come. */
export const isWaiting = (about: Case): boolean =>
  about.state === 'routing' && about.behind !== undefined && !wasAsked(about);

/** Whether its turn comes after `other` is answered. Asked again whenever it looks: either may have changed. */
export const waitsFor = (current: Case, other: Case, asking: AskingSettings): boolean =>
  (other.state === 'routing' || other.state === 'asking') &&
  other.containedFirst === undefined &&
  isAtLeast(other.severity, current.severity) &&
  !mayBeContained(current, asking) &&
  // Whom the other asks, nobody asks about this.
  isOfSamePeople(current.policy, other.policy);

const takes = (other: Case, current: Case, asking: AskingSettings): boolean =>
  other.id !== current.id &&
  (wasAsked(other) ||
    (isOlder(other, current) &&
      isAtLeast(other.severity, current.severity) &&
      // It may yet turn out to be none of its policy's, and so would all that is part of it.
      !isDoubted(other) &&
      !mayBeContained(current, asking)));

const isOlder = (other: Case, current: Case): boolean =>
  other.openedAt < current.openedAt || (other.openedAt === current.openedAt && other.id < current.id);

const isDoubted = ({ scope }: Case): boolean => scope?.only !== undefined || scope?.except !== undefined;

/** What only the security team may answer is not handed to a manager, nor hidden from one in the other's question. */
const belongs = (current: Case, other: Case, relatedMs: number): boolean =>
  !isMonitored(other) &&
  other.containedFirst === undefined &&
  other.policy.securityOnly === current.policy.securityOnly &&
  (current.toSecurity === null || other.toSecurity !== null) &&
  Date.parse(current.firstSeenAt) - Date.parse(other.lastSeenAt) <= relatedMs &&
  Date.parse(other.firstSeenAt) - Date.parse(current.lastSeenAt) <= relatedMs;

/** Null where something of either would be left out, or one of them would be answered more easily than by itself. */
function joined(into: Case, current: Case, asking: AskingSettings): Case | null {
  const merged = mergeCases(into, current);
  const related = relatedOf(into, current);
  if (!merged || related.length > MOST_RELATED) return null;
  const usual = asking.patience[merged.severity].onTimeOut;
  const policies = joinPolicies(into.policy, current.policy, usual);
  if (!policies) return null;
  const both = {
    ...merged,
    ...(related.length > 0 && { related }),
    policy: { ...into.policy, ...policies },
  };
  const isContained = mayBeContained(into, asking) || mayBeContained(current, asking);
  return isContained && !staysContained(both, asking) ? null : both;
}

/** As far as it can be told before it is planned; once a case, and no more at once than one person may change. */
const staysContained = (merged: Case, asking: AskingSettings): boolean =>
  mayBeContained(merged, asking) &&
  merged.targets.length <= asking.quorum.targets &&
  merged.decisions.every(({ by, verb }) => by.id !== SYSTEM.id || verb !== 'approve');

function relatedOf(into: Case, joining: Case): readonly RelatedPolicy[] {
  const known = new Set([into.policy.id, ...(into.related ?? []).map(({ id }) => id)]);
  const { id, title, text, hash, question } = joining.policy;
  const its: readonly RelatedPolicy[] = [
    { id, title, text, hash, question, ref: joining.ref },
    ...(joining.related ?? []),
  ];
  return [...(into.related ?? []), ...its.filter((one) => !known.has(one.id))];
}
