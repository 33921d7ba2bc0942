// Repeats after the answer: the same call on the same target by the same person is counted on the case that was answered.
// Whatever is new in any way is not absorbed: it opens a case and is asked about. See docs/decisions/0008.
import type { Alert } from '../case/alert.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { callsOf } from './calls.ts';
import { counted, joinCase, type Opening } from './open-case.ts';

/** The answered case that now counts this alert, or null: then it is a matter of its own. `at` is the time of ingest. */
export async function absorb(
  tx: StoreTransaction,
  opening: Opening,
  alert: Alert,
  at: string,
): Promise<Case | null> {
  const since = new Date(Date.parse(at) - opening.policy.grouping.withinMs).toISOString();
  const answered = await tx.findAnsweredCase(opening.groupKey, since);
  if (!answered || !isRepeat(answered, opening, alert)) return null;
  return commitTransition(tx, answered, {
    event: 'repeated',
    at,
    patch: { ...counted(answered, alert), repeats: (answered.repeats ?? 0) + 1 },
    note: {
      kind: 'case.repeated',
      actor: SYSTEM,
      facts: { source: alert.source, sourceId: alert.sourceId, revision: alert.revision },
    },
  });
}

/** Pure. Of the same severity or less, and nothing in it that the answered question did not show. */
export function isRepeat(answered: Case, opening: Opening, alert: Alert): boolean {
  const { id, hash } = answered.policy;
  if (opening.policy.id !== id || opening.policy.hash !== hash) return false;
  // Closed because of who it was: only as long as the settings say the same about people.
  if (answered.outOfScopeAt && JSON.stringify(answered.scope) !== JSON.stringify(opening.scope)) return false;
  if (joinCase(answered, opening, alert).widened) return false;
  const known = new Set(answered.calls);
  const isKnown = (calls: readonly string[]): boolean =>
    calls.length > 0 && calls.every((call) => known.has(call));
  const calls = callsOf(alert, opening.hint);
  // What was said of a call that went through holds for one that was refused as well.
  return isKnown(calls) || (calls.length > 0 && isKnown(callsOf({ ...alert, attempt: false }, opening.hint)));
}
