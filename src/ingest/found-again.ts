// What is found again by looking, exactly as it was found before, is no news by itself: whether it asks is told by what became of
// its case. See docs/decisions/0010.
import type { Alert } from '../case/alert.ts';
import { type Case, isMonitored, lastTaken } from '../case/case.ts';
import { stands } from '../case/standing.ts';
import { isOpen } from '../case/transitions.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isTakenBack } from './absorb.ts';
import type { Opening } from './open-case.ts';
import type { Home } from './place-alert.ts';
import { unreadableIn } from './sources/bucket-inventory.ts';

/** True: the case speaks for it, and nothing is asked. `at` is the time of ingest. */
export async function isSpokenFor(
  tx: Pick<StoreTransaction, 'runsOf'>,
  about: Case,
  { revision, sourceId }: Pick<Alert, 'revision' | 'sourceId'>,
  at: string,
): Promise<boolean> {
  const { state, policy, outOfScopeAt } = about;
  // Its policy may ask by now.
  if (isMonitored(about)) return false;
  if (isOpen(state) || state === 'executing' || state === 'undoing') return true;
  // A look from before the case came to its end saw nothing of what came of it.
  if (revision <= about.updatedAt) return true;
  const answer = lastTaken(about);
  if (state === 'dismissed' || (state === 'undone' && answer?.verb === 'dismiss'))
    return !isTakenBack(about) && (answer?.until === undefined || answer.until > at);
  // What was changed made a bucket private, and here it is open. Whatever hides one is not taken away by any action.
  if (state === 'contained' && (await tx.runsOf(about.id)).some(stands))
    return unreadableIn(sourceId) !== null;
  const answeredAt = state === 'closed' ? outOfScopeAt : answer?.at;
  return (
    answeredAt !== undefined && Date.parse(at) - Date.parse(answeredAt) <= (policy.grouping?.withinMs ?? 0)
  );
}

/** The case that it is in watches for this policy, which still only watches. */
export const isWatched = (home: Home | null, { policy }: Opening): boolean =>
  home !== null &&
  isMonitored(home.about) &&
  isOpen(home.about.state) &&
  policy.stage === 'monitor' &&
  home.policies.includes(policy.id);
