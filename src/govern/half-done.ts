// What was begun and could not be brought to its end: it stands in part, so undo must know it, and whoever begins again goes on from
// the first state.
import { canonicalJson, type JsonObject } from '../case/json.ts';
import type { Run, Step } from '../case/run.ts';
import { type Said, say, says } from '../case/said.ts';
import { targetKey } from '../case/target.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import type { GovernanceAction } from './action.ts';
import { type Failure, managerWords } from './failure.ts';
import { isAsBefore } from './guard.ts';
import type { GovernParts } from './parts.ts';

/** The world as it is, where a run that is given up has left a mark on it that undo can take back; null elsewhere. */
export async function leftHalfDone(
  step: Step,
  run: Run,
  action: GovernanceAction,
  { store, world }: GovernParts,
): Promise<JsonObject | null> {
  const latest = (await store.transact((tx) => tx.findRun(run.id))) ?? run;
  const { before, state, shown, target } = latest;
  if (!before || !action.revert || action.effect === 'blind' || shown?.undo === false) return null;
  // A first call that was refused did nothing: what is another by now was somebody else's.
  const isUnclear = latest.requestIds.length > 0 || step.attempts > 0;
  if (state !== 'executed' && !(state === 'executing' && isUnclear)) return null;
  try {
    const now = await action.read(target, world);
    return isAsBefore(action, before, now) ? null : now;
  } catch {
    // What cannot be looked at cannot be put back either.
    return null;
  }
}

/** Ports never say that nothing was changed, since they only know of their own call; only the store does. */
export const halfDoneWords = (failure: Failure): Said => {
  const why = says(failure.say, 'errors.store-later') ? say('errors.our-side') : failure.say;
  return say('govern.half-done', { why: managerWords({ ...failure, say: why }) });
};

/** The run that was given up half way, where nobody has changed anything since: the new one begins where that one began. */
export const halfDoneBefore = (
  run: Run,
  runs: readonly Run[],
  { revert }: GovernanceAction,
  now: JsonObject,
): JsonObject | null =>
  runs.findLast(
    (one) =>
      isSameDeed(one, run) &&
      one.before !== null &&
      one.after !== null &&
      revert?.differences(one.before, one.after, now).length === 0,
  )?.before ?? null;

/** The new run has its hands on it: it alone is undone from then on. */
export async function settleHalfDone(tx: StoreTransaction, run: Run): Promise<void> {
  for (const one of await tx.runsOf(run.caseId))
    if (isSameDeed(one, run) && canonicalJson(one.before) === canonicalJson(run.before))
      await tx.saveRun({ ...one, state: 'failed' });
}

const isSameDeed = (one: Run, run: Run): boolean =>
  one.state === 'kept' &&
  one.position < run.position &&
  one.action === run.action &&
  targetKey(one.target) === targetKey(run.target);
