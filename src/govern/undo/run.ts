// Puts one verified run back, in the `revert` step: only while the world is as we left it, or over exactly what the security
// role was shown. Each run for itself, newest first; the result is proven by two looks. Decides nothing.
import { type Case, SYSTEM, type UndoConflict } from '../../case/case.ts';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import type { Run, Step } from '../../case/run.ts';
import { isAmong, type Said, sameSaid, say, says } from '../../case/said.ts';
import { isDryRun } from '../../case/settings.ts';
import { type Target, targetKey } from '../../case/target.ts';
import { isoTime } from '../../ports/clock.ts';
import type { Difference, GovernanceAction, UndoTask, Verification } from '../action.ts';
import { ourFailure } from '../failure.ts';
import { countIn, finish, type GovernParts, type Loaded, load, recheckMs, taskOf, textIn } from '../parts.ts';
import { carried, isOverdue, NOT_DONE_ATTEMPTS, notYetWords, VERIFY_ATTEMPTS } from '../prove.ts';
import { ACT_ATTEMPTS, retriedOrFinal } from '../run-action.ts';
import { goOn, tellCase } from '../tell-case.ts';
import { findConflict, mayGoOver } from './conflicts.ts';
import { shutsOutProtected, undoOutOfBounds } from './refusal.ts';
import { leftAlone, obstructed, over, passedOver, stop, undone } from './settle.ts';

type Revert = NonNullable<GovernanceAction['revert']>;
interface Undo extends Loaded {
  readonly revert: Revert;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** The `revert` step. Throws retryable errors for the worker to come back to. */
export async function undo(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action } = loaded;
  const { before } = run;
  // What nobody could see of what was left by us is nothing of ours to build on: all that is another than before is shown first.
  const after = run.after ?? (run.state === 'verified' ? null : before);
  if (!action.revert || !before || !after) return passedOver(step, loaded, parts);
  const work: Undo = { ...loaded, revert: action.revert, before, after };
  try {
    if (run.state === 'verified' || run.state === 'kept') return await start(step, work, parts);
    if (run.state === 'reverting') return await resume(step, work, parts);
    await passedOver(step, work, parts);
  } catch (error) {
    const most = isWritten(step) ? VERIFY_ATTEMPTS : ACT_ATTEMPTS;
    await stop(step, work, await retriedOrFinal(error, step, most, parts), parts);
  }
}

/** Every call was made and acknowledged: what is left is to see that it is so. */
const isWritten = (step: Step): boolean => countIn(step, 'written') > 0;

async function start(step: Step, work: Undo, parts: GovernParts): Promise<void> {
  const { run, action, about } = work;
  if (about.state !== 'undoing') return finish(step, parts);
  const looked = await mayPutBack(step, work, parts);
  if (!looked) return;
  const { now, conflict } = looked;
  const claimed: Run = { ...run, state: 'reverting' };
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun(claimed);
    await tx.audit(about.id, {
      kind: 'run.reverting',
      actor: SYSTEM,
      facts: { run: run.id, action: action.id, anyway: conflict !== null },
      personal: { target: { ...run.target }, over: conflict ? now : null },
    });
  });
  const claimedWork = { ...work, run: claimed };
  // What is half put back may be whole by now: looked at before anything is repeated.
  await (run.state === 'kept' ? resume : putBack)(step, claimedWork, parts);
}

interface Looked {
  readonly now: JsonObject;
  /** What the security role wants to go over. */
  readonly conflict: UndoConflict | null;
}

/** Asked before every write. Null, and the undo of this run has its end, where nothing (more) of it may be put back. */
async function mayPutBack(step: Step, work: Undo, parts: GovernParts): Promise<Looked | null> {
  const { run, action, about, revert, before, after } = work;
  const isBegun = run.state === 'reverting';
  const ends = async (end: Promise<void>): Promise<null> => {
    await end;
    return null;
  };
  const inTheWay = (sentence: Said): Promise<null> =>
    ends(
      isBegun
        ? stop(step, work, ourFailure('govern.undo-obstructed', sentence), parts)
        : obstructed(step, work, sentence, parts),
    );
  if (isDryRun(about.policy.id, parts.world.settings)) {
    const dryRun = ourFailure('govern.dry-run', say('govern.undo-dry-run'));
    return ends(stop(step, work, dryRun, parts));
  }
  const forbidden = undoOutOfBounds(run, about, parts.world);
  if (forbidden) return inTheWay(forbidden);
  const now = await action.read(run.target, parts.world);
  const fromAfter = revert.differences(before, after, now);
  const fromBefore = revert.differences(before, before, now);
  if (!isBegun && fromAfter.length > 0 && fromBefore.length === 0)
    return ends(undone(step, work, say('govern.as-before'), parts));
  const gone = revert.gone?.(run.target, before, now);
  if (gone) return ends(over(step, work, gone, parts));
  const obstacle =
    revert.obstacle?.(run.target, before, now) ??
    (await shutsOutProtected(action, run, about, now, parts.world));
  if (obstacle) return inTheWay(obstacle);
  const differences = run.state === 'verified' ? fromAfter : foreign(fromAfter, fromBefore);
  const opened = revert.opens?.(run.target, before, now) ?? null;
  const relying =
    (await parts.store.transact((tx) => tx.caseRelyingOn(run))) ??
    (opened && (await caseAbout(opened.targets, run, about, parts)));
  const conflict = findConflict(run, differences, relying, opened?.fresh ?? null, now);
  if (!conflict || mayGoOver(about, conflict)) return { now, conflict };
  const isHalfBack = fromAfter.length > foreign(fromAfter, fromBefore).length;
  const left: Run = isBegun ? { ...run, state: isHalfBack || !run.after ? 'kept' : 'verified' } : run;
  return ends(leftAlone(step, { ...work, run: left }, conflict, differences.length > 0, parts));
}

const MOST_CASES = 1_000;

/** The reference of another case about one of these, or something in it, that has looked at it since this was done. */
async function caseAbout(
  targets: readonly Target[],
  { verifiedAt }: Run,
  about: Case,
  { store }: GovernParts,
): Promise<string | null> {
  if (targets.length === 0) return null;
  const keys = new Set(targets.map(targetKey));
  const isAmongThem = (target: Target): boolean =>
    keys.has(
      target.kind === 'object' || target.kind === 'collaborator'
        ? targetKey({ ...target, kind: 'bucket', name: target.bucket })
        : targetKey(target),
    );
  const others = await store.listCases({ limit: MOST_CASES });
  const relying = others.find(
    (one) => one.id !== about.id && one.updatedAt >= (verifiedAt ?? '') && one.targets.some(isAmongThem),
  );
  return relying?.ref ?? null;
}

/** Of what is half put back, each part is as before or as we left it: anything else was somebody else's. */
const foreign = (fromAfter: readonly Difference[], fromBefore: readonly Difference[]) =>
  fromAfter.filter(({ part }) => fromBefore.some((one) => sameSaid(one.part, part)));

async function resume(step: Step, work: Undo, parts: GovernParts): Promise<void> {
  const { run, action, about, revert } = work;
  const seen = await revert.verify(undoTaskOf(step, work), parts.world);
  if (seen.kind === 'took-effect') return backOnce(step, work, seen, parts);
  // Seen once, and then not: somebody was at it. Put back again where that may be.
  const isLost = action.effect === 'converges' && textIn(step, 'seen') !== null;
  if (seen.kind === 'not-yet' && isWritten(step) && !isLost) {
    if (isOverdue(step, parts)) return stop(step, work, ourFailure('govern.not-reverted', seen.says), parts);
    return notYet(step, about, seen, parts);
  }
  const again = countIn(step, 'again') + (isWritten(step) ? 1 : 0);
  if (action.effect === 'blind')
    return stop(
      step,
      { ...work, run },
      ourFailure('govern.outcome-unknown', say('govern.happened.unknown-outcome')),
      parts,
    );
  if (again > NOT_DONE_ATTEMPTS) return stop(step, work, ourFailure('govern.not-reverted', seen.says), parts);
  if (!(await mayPutBack(step, work, parts))) return;
  await putBack(step, work, parts, again);
}

async function putBack(step: Step, work: Undo, parts: GovernParts, again = 0): Promise<void> {
  let current = work.run;
  await work.revert.execute(undoTaskOf(step, work), parts.world, async (requestId) => {
    current = { ...current, requestIds: [...current.requestIds, requestId] };
    await parts.store.transact(async (tx) => {
      await tx.assertLease(step);
      await tx.saveRun(current);
    });
  });
  const since = carried(step).since || parts.clock.now();
  await lookAgain(step, work.about, 0, { written: 1, again, since }, parts);
}

/** Seen once; only a second look that agrees makes it undone. */
async function backOnce(
  step: Step,
  work: Undo,
  seen: Extract<Verification, { kind: 'took-effect' }>,
  parts: GovernParts,
): Promise<void> {
  const first = textIn(step, 'seen');
  if (first)
    return undone(step, work, say('govern.undone', { when: { time: first }, says: seen.says }), parts, first);
  const body = { ...carried(step), written: 1, seen: isoTime(parts.clock) };
  await lookAgain(step, work.about, recheckMs(parts), body, parts);
}

const lookAgain = (step: Step, about: Case, delayMs: number, body: JsonObject, parts: GovernParts) =>
  parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.addStep(about.id, { kind: 'revert', key: step.key, delayMs, body });
    await goOn(tx, step, isoTime(parts.clock));
    await tx.finishStep(step);
  });

/** The card says so once, and again when the words change. */
async function notYet(
  step: Step,
  about: Case,
  seen: Extract<Verification, { kind: 'not-yet' }>,
  parts: GovernParts,
): Promise<void> {
  const error = new CountersignError('govern.not-reverted', 'the undo has not taken effect yet', {
    say: seen.says,
    retryable: true,
    retryAfterMs: seen.retryInMs,
  });
  const line = notYetWords(seen.says);
  if (!isAmong(about.outcome, line))
    await parts.store.transact(async (tx) => {
      await tx.assertLease(step);
      const current = (await tx.lockCase(about.id)) ?? about;
      const outcome = current.outcome.filter((one) => !says(one, 'govern.not-yet'));
      await tellCase(tx, current, {
        at: isoTime(parts.clock),
        patch: { outcome: [...outcome, line] },
        note: { kind: 'run.not-yet', actor: SYSTEM, facts: { run: step.key }, personal: { says: line } },
      });
    });
  throw error;
}

const undoTaskOf = ({ attempts }: Step, { run, about, after }: Undo): UndoTask => ({
  ...taskOf(run, about),
  ...{ after, tries: attempts },
});
