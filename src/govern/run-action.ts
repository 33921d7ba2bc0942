// Carries out one run of a governance action: preview once more, snapshot, commit, change. Claimed work only; decides nothing.

// `executing` is committed before the first call, so that after a crash the world is looked at before anything is repeated.
import { type Case, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { RunId } from '../case/ids.ts';
import type { Run, Step } from '../case/run.ts';
import { say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import { isoTime } from '../ports/clock.ts';
import { WAITING_POLL_MS } from '../ports/target-line.ts';
import type { GovernanceAction } from './action.ts';
import { type Failure, failureKind, ourFailure } from './failure.ts';
import { guard, isAsBefore, outOfBounds } from './guard.ts';
import { halfDoneBefore, settleHalfDone } from './half-done.ts';
import { countIn, finish, type GovernParts, isLeaseTrouble, load, taskOf } from './parts.ts';
import { changesSince, lookAt, shownNow } from './preview.ts';
import { isBeingCarriedOut, ofSameDecision } from './runs.ts';
import { DRY_RUN, finishRun, giveUp } from './settle.ts';
import { goOn, sayPaused } from './tell-case.ts';
import { voidDecision } from './void-decision.ts';

/** A retryable failure is tried this often before a person takes over. With doubling waits: about half an hour. */
export const ACT_ATTEMPTS = 10;

/** The `act` step. Throws retryable errors for the worker to come back to. */
export async function act(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action, about } = loaded;
  try {
    if (run.state === 'pending') return await start(step, about, run, action, parts);
    if (run.state === 'executing') return await resume(step, about, run, action, parts);
    await finish(step, parts);
  } catch (error) {
    const failure = await retriedOrFinal(error, step, ACT_ATTEMPTS, parts);
    await giveUp(step, about, run, action, finalFailure(failure, run, action), parts);
  }
}

/** How its calls left it, answered or not, so that what somebody else does until it goes on is told from it. */
async function noteHalfWay(
  error: unknown,
  step: Step,
  action: GovernanceAction,
  { store, world }: GovernParts,
) {
  if (!isCountersignError(error) || !error.retryable || isLeaseTrouble(error)) return;
  const run = await store.transact((tx) => tx.findRun(step.key as RunId));
  if (run?.state !== 'executing' || !run.before || !action.revert) return;
  const after = await action.read(run.target, world).catch(() => null);
  // What was accepted and is not to be seen yet will be: that is nobody else's doing then.
  const isToCome = after && run.requestIds.length > 0 && isAsBefore(action, run.before, after);
  if (!after || isToCome) return;
  await store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun({ ...run, after });
  });
}

/** Throws what is to be tried again, once the card says so; answers what is final. */
export async function retriedOrFinal(
  error: unknown,
  step: Step,
  most: number,
  parts: GovernParts,
): Promise<CountersignError> {
  if (isLeaseTrouble(error)) throw error;
  if (!isCountersignError(error)) {
    if (step.attempts + 1 < most) throw error;
    return new CountersignError('govern.unexpected', error instanceof Error ? error.message : String(error), {
      say: say('govern.unexpected'),
      cause: error,
    });
  }
  if (!error.retryable || step.attempts + 1 >= most) return error;
  await sayPaused(step, error, parts);
  throw error;
}

/** Without an answer, what may not be repeated may have happened. */
const finalFailure = (error: CountersignError, run: Run, action: GovernanceAction): Failure =>
  action.effect === 'blind' && run.state === 'executing' && error.retryable
    ? ourFailure('govern.outcome-unknown', say('govern.happened.unknown-outcome'))
    : error;

async function start(step: Step, about: Case, run: Run, action: GovernanceAction, parts: GovernParts) {
  if (!(await isItsTurn(step, parts))) return;
  const runs = await parts.store.runsOf(about.id);
  for (const one of ofSameDecision(run, runs)) {
    const forbidden = one.state === 'pending' ? await outOfBounds(one, about, parts) : null;
    if (forbidden)
      return giveUp(step, about, run, action, ourFailure('govern.out-of-bounds', forbidden), parts);
  }
  const look = await lookAt(run, action, parts);
  const changes = await changesSince(run, look, about, runs, parts);
  if (changes.length > 0) return voidDecision(step, about, run, changes, parts);
  const { before, plan } = look;
  if (plan.kind !== 'offered') {
    const seen = await action.verify(taskOf({ ...run, before }, about), parts.world);
    if (seen.kind !== 'took-effect')
      return giveUp(step, about, run, action, ourFailure('govern.refused-at-execution', plan.reason), parts);
    // Nothing was changed, so there is nothing to put back: without a state of ours, no undo.
    const says = say('govern.already-so', { says: seen.says });
    return finishRun(step, about, { ...run, before, after: null }, { state: 'verified', says }, parts);
  }
  if (isDryRun(about.policy.id, parts.world.settings)) return finishRun(step, about, run, DRY_RUN, parts);
  const first = halfDoneBefore(run, runs, action, before) ?? before;
  const claimed: Run = { ...run, ...shownNow(run, plan, about), state: 'executing', before: first };
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun(claimed);
    await tx.audit(about.id, {
      kind: 'run.executing',
      actor: SYSTEM,
      facts: { run: run.id, action: action.id },
      personal: { target: { ...run.target }, before },
    });
  });
  try {
    await change(step, about, claimed, action, parts);
  } catch (error) {
    if (action.effect === 'converges' && isTurnedAway(error)) await beginAnew(step, about, claimed, parts);
    throw error;
  }
}

/** A vendor that asks to slow down has done nothing of that call. */
const isTurnedAway = (error: unknown): boolean =>
  isCountersignError(error) && failureKind(error.code) === 'throttled';

/**
 * Nothing of it was written: what was seen before is no longer what is there when it is tried again, and what was shown may no longer
 * be either. Null where something was.
 */
const beginAnew = (step: Step, about: Case, run: Run, { store }: GovernParts): Promise<Run | null> =>
  store.transact(async (tx) => {
    await tx.assertLease(step);
    const latest = (await tx.findRun(run.id)) ?? run;
    if (latest.state !== 'executing' || latest.requestIds.length > 0) return null;
    const anew: Run = { ...latest, state: 'pending', before: null, after: null };
    await tx.saveRun(anew);
    await tx.audit(about.id, {
      kind: 'run.begun-anew',
      actor: SYSTEM,
      facts: { run: run.id, action: run.action },
    });
    return anew;
  });

/** False, with the step given back, while another case goes first on one of the targets: the turn wakes it. */
const isItsTurn = (step: Step, { store }: GovernParts): Promise<boolean> =>
  store.transact(async (tx) => {
    const current = await tx.lockCase(step.caseId);
    const isGoing = current?.state === 'executing';
    if (isGoing && (await tx.holdsTargets(step.caseId))) return true;
    if (isGoing) await tx.addStep(step.caseId, { kind: 'act', key: step.key, delayMs: WAITING_POLL_MS });
    await tx.finishStep(step);
    return false;
  });

/** The last try ended between the commit and the record: the world says whether it happened. */
async function resume(step: Step, about: Case, run: Run, action: GovernanceAction, parts: GovernParts) {
  if (!run.before)
    throw new CountersignError('govern.no-snapshot', `run ${run.id} is executing without a snapshot`);
  const seen = await action.verify(taskOf(run, about), parts.world);
  // Of several calls one may never have been made: "not yet" counts as done only where nothing may be repeated, and it was acknowledged.
  const isWaitedFor = action.effect === 'blind' && seen.kind === 'not-yet' && run.requestIds.length > 0;
  if (seen.kind === 'took-effect' || isWaitedFor) return executed(step, about, run, parts);
  if (action.effect === 'blind')
    return giveUp(
      step,
      about,
      run,
      action,
      ourFailure('govern.outcome-unknown', say('govern.happened.unknown-outcome')),
      parts,
    );
  // A person has taken the case over meanwhile: what they decide now is not to be overtaken by what was decided before.
  if (!isBeingCarriedOut(run, about))
    return giveUp(step, about, run, action, ourFailure('govern.not-found-in-the-world', seen.says), parts);
  const now = await action.read(run.target, parts.world);
  const anew = isAsBefore(action, run.before, now) ? await beginAnew(step, about, run, parts) : null;
  if (anew) return start(step, about, anew, action, parts);
  const isMoved =
    run.after !== null && (action.revert?.differences(run.before, run.after, now).length ?? 0) > 0;
  const forbidden = isMoved
    ? ourFailure('govern.changed-meanwhile', say('govern.changed-half-done'))
    : await guard(run, about, action, now, parts);
  if (forbidden) return giveUp(step, about, run, action, forbidden, parts);
  await change(step, about, { ...run, after: null }, action, parts);
}

async function change(step: Step, about: Case, run: Run, action: GovernanceAction, parts: GovernParts) {
  let current = run;
  try {
    await action.execute(taskOf(run, about), parts.world, async (requestId) => {
      current = { ...current, requestIds: [...current.requestIds, requestId] };
      await parts.store.transact(async (tx) => {
        await tx.assertLease(step);
        await tx.saveRun(current);
      });
    });
  } catch (error) {
    await noteHalfWay(error, step, action, parts);
    throw error;
  }
  await executed(step, about, current, parts);
}

async function executed(step: Step, about: Case, run: Run, parts: GovernParts) {
  const at = isoTime(parts.clock);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun({ ...run, state: 'executed' });
    await settleHalfDone(tx, run);
    const since = countIn(step, 'since') || parts.clock.now();
    await tx.addStep(about.id, {
      kind: 'verify',
      key: run.id,
      body: { again: countIn(step, 'again'), since },
    });
    await tx.audit(about.id, {
      kind: 'run.executed',
      actor: SYSTEM,
      facts: { run: run.id, action: run.action, requestIds: run.requestIds, at },
    });
    await goOn(tx, step, at);
    await tx.finishStep(step);
  });
}
