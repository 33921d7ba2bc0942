// What comes after the answer "expected": exactly what was answered is counted, anything else asks anew in the same case.
// Nothing that nobody was shown is ever counted silently. See docs/decisions/0008.
import type { Alert } from '../case/alert.ts';
import { askedAnew } from '../case/asked-anew.ts';
import { type Case, countedOf, lastWord, SYSTEM } from '../case/case.ts';
import { say } from '../case/said.ts';
import type { NewStep, StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { isProven } from './deeds.ts';
import { askedFor, counted, isHigher, isKnown, newPeople, type Opening } from './open-case.ts';

/** Deeds beyond these are asked about again. */
const ANSWERED_KEPT = 100;

/** Counts it. `at` is the time of ingest. */
export const repeat = (tx: StoreTransaction, answered: Case, alert: Alert, at: string): Promise<Case> =>
  commitTransition(tx, answered, {
    event: 'repeated',
    at,
    patch: { ...counted(answered, alert), repeats: (answered.repeats ?? 0) + 1 },
    note: { kind: 'case.repeated', actor: SYSTEM, facts: sourceFacts(alert) },
  });

/** Asks about it, and about nothing that was answered: the case starts afresh with a question of its own. */
export const reopen = (
  tx: StoreTransaction,
  answered: Case,
  opening: Opening,
  alert: Alert,
  { at, groupKey, step }: { readonly at: string; readonly groupKey: string; readonly step: NewStep },
): Promise<Case> =>
  commitTransition(tx, answered, {
    event: 'reopened',
    at,
    // A case that was claimed before had left its group.
    patch: { ...reopened(answered, opening, alert, at), groupKey },
    steps: [step],
    cancel: ['ask'],
    note: { kind: 'case.reopened', actor: SYSTEM, facts: sourceFacts(alert) },
  });

/** Pure. Of the same severity or less, and nothing in it that the answered question did not show. */
export function isRepeat(answered: Case, opening: Opening, alert: Alert, at: string): boolean {
  if (!isSamePolicy(answered, opening) || isTakenBack(answered)) return false;
  // Closed because of who it was: only as long as the settings say the same about people.
  if (answered.outOfScopeAt && JSON.stringify(answered.scope) !== JSON.stringify(opening.scope)) return false;
  if (newPeople(answered, opening).length > 0 || isHigher(answered, opening)) return false;
  if (opening.counted && opening.counted.events > countedOf(answered, opening.policy.id)) return false;
  const isAnswered = (one: Alert): boolean =>
    isProven(one, opening.hint) && isKnown(answered, opening, one, at);
  // What was said of a call that went through holds for one that was refused as well.
  return isAnswered(alert) || isAnswered({ ...alert, attempt: false });
}

/** Whether what is not a repeat asks in this case: where "expected" was said, under the same policy. */
export const mayReopen = (answered: Case, opening: Opening): boolean =>
  answered.state === 'dismissed' && isSamePolicy(answered, opening);

const isSamePolicy = ({ policy, related = [] }: Case, opening: Opening): boolean =>
  [policy, ...related].some(({ id, hash }) => opening.policy.id === id && opening.policy.hash === hash);

/** Pure. */
export function reopened(answered: Case, opening: Opening, alert: Alert, at: string): Partial<Case> {
  const people = newPeople(answered, opening);
  const last = lastWord(answered);
  const answeredAt = last?.at ?? at;
  const who = last?.by.name ?? say('ingest.somebody');
  const when = { time: answeredAt };
  const since = new Date(Date.parse(at) - opening.policy.grouping.withinMs).toISOString();
  const latest = (answered.deeds ?? []).map(({ key }) => ({ key, at: answeredAt }));
  return {
    // The verdict on the alerts that were answered stands: what is written next is about those that come now.
    ...askedFor(opening, alert),
    ...counted(answered, alert),
    severity: isHigher(answered, opening) ? opening.severity : answered.severity,
    named: [...answered.named, ...people],
    mentioned: [...answered.mentioned, ...people],
    answered: isTakenBack(answered)
      ? []
      : [...(answered.answered ?? []).filter((deed) => deed.at >= since), ...latest].slice(-ANSWERED_KEPT),
    newSince: answeredAt,
    ...askedAnew(answered),
    unreachable: [],
    outcome: [
      isTakenBack(answered)
        ? say('ingest.expected-taken-back', { who, when })
        : say('ingest.expected-and-more', { who, when }),
    ],
  };
}

/** Since its last answer. */
export const isTakenBack = (answered: Case): boolean =>
  (answered.unexpectedSince ?? '') >= (lastWord(answered)?.at ?? '\uffff');

export const sourceFacts = ({ source, sourceId, revision }: Alert) => ({ source, sourceId, revision });
