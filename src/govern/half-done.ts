// What was begun and could not be brought to its end: it stands in part, or may, so undo must know it, and whoever begins again goes
// on from the first state.
import { canonicalJson, type JsonObject } from '../case/json.ts';
import type { Run, Step } from '../case/run.ts';
import { type Said, say, says } from '../case/said.ts';
import { type Target, targetKey } from '../case/target.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import type { GovernanceAction, World } from './action.ts';
import { type Failure, failureKind, isGoneError, managerWords } from './failure.ts';
import { isAsBefore } from './guard.ts';
import type { GovernParts } from './parts.ts';

export interface Left {
  /** Null where it could not be looked at. */
  readonly now: JsonObject | null;
  readonly says: Said;
}

/** What a run that is given up has left of itself in the world, or may have; null where it was seen that there is nothing. */
export async function leftHalfDone(
  step: Step,
  run: Run,
  action: GovernanceAction,
  failure: Failure,
  { store, world }: GovernParts,
): Promise<Left | null> {
  const latest = (await store.transact((tx) => tx.findRun(run.id))) ?? run;
  const { before, state, target } = latest;
  if (!before || latest.informs) return null;
  // A first call that was refused did nothing: what is another by now was somebody else's.
  const isUnclear = latest.requestIds.length > 0 || step.attempts > 0;
  if (state !== 'executed' && !(state === 'executing' && isUnclear)) return null;
  const now = await lookAtWhatIsLeft(before, target, action, world);
  return now === 'nothing' ? null : { now, says: leftWords(failure, now, latest, action) };
}

/** Null where it cannot be looked at: what was accepted is not undone by that. */
export async function lookAtWhatIsLeft(
  before: JsonObject,
  target: Target,
  action: GovernanceAction,
  world: World,
): Promise<JsonObject | 'nothing' | null> {
  try {
    const now = await action.read(target, world);
    return isAsBefore(action, before, now) ? 'nothing' : now;
  } catch (error) {
    return isGoneError(error) ? 'nothing' : null;
  }
}

/** Undo takes back nothing of it, whatever it has left. */
export const hasNoWayBack = ({ shown }: Run, { revert, effect }: GovernanceAction): boolean =>
  !revert || effect === 'blind' || shown?.undo === false;

function leftWords(failure: Failure, now: JsonObject | null, run: Run, action: GovernanceAction): Said {
  // Ports never say that nothing was changed, since they only know of their own call; only the store does.
  const isOurs = says(failure.say, 'errors.store-later');
  const why = managerWords(isOurs ? { ...failure, say: say('errors.our-side') } : failure);
  if (failureKind(failure.code) === 'unknown-outcome') return why;
  if (hasNoWayBack(run, action)) return say('govern.perhaps-done', { why });
  return now && run.requestIds.length > 0
    ? say('govern.half-done', { why })
    : say('govern.perhaps-half-done', { why });
}

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
