// Puts one verified run back, in the `revert` step: only while the world is still as we left it. Decides nothing.
import { type Case, type Run, type Step, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { GovernanceAction, UndoTask } from './action.ts';
import { ACT_ATTEMPTS, type GovernParts, isLeaseTrouble, load, taskOf, withNoted } from './run-action.ts';

type Revert = NonNullable<GovernanceAction['revert']>;

/** The `revert` step. Throws retryable errors for the worker to come back to. */
export async function undo(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action, about } = loaded;
  if (!action.revert || !run.before || !run.after) return parts.store.transact((tx) => tx.finishStep(step));
  try {
    if (run.state === 'verified') return await start(step, about, run, action, action.revert, parts);
    if (run.state === 'reverting') return await resume(step, about, run, action, action.revert, parts);
    await parts.store.transact((tx) => tx.finishStep(step));
  } catch (error) {
    if (!isCountersignError(error) || isLeaseTrouble(error)) throw error;
    if (error.retryable && step.attempts + 1 < ACT_ATTEMPTS) throw error;
    await stop(step, about, await withNoted(run, parts), action, [error.say], error.code, parts);
  }
}

async function start(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  revert: Revert,
  parts: GovernParts,
) {
  const now = await action.read(run.target, parts.world);
  const changed = revert
    .differences(run.before ?? {}, run.after ?? {}, now)
    .map(({ part }) => `${part} was changed since.`);
  if (changed.length > 0)
    return stop(
      step,
      about,
      run,
      action,
      ['It changed since, so it was left alone:', ...changed],
      'govern.world-moved',
      parts,
    );
  const claimed: Run = { ...run, state: 'reverting' };
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun(claimed);
    await tx.audit(about.id, {
      kind: 'run.reverting',
      actor: SYSTEM,
      facts: { run: run.id, action: action.id },
      personal: { target: { ...run.target } },
    });
  });
  await putBack(step, about, claimed, action, revert, parts);
}

async function resume(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  revert: Revert,
  parts: GovernParts,
) {
  const seen = await revert.verify(undoTaskOf(run, about), parts.world);
  if (seen.kind === 'took-effect') return settle(step, about, run, seen.says, parts);
  if (action.effect === 'blind')
    return stop(step, about, run, action, ['Its outcome is not known.'], 'govern.outcome-unknown', parts);
  await putBack(step, about, run, action, revert, parts);
}

async function putBack(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  revert: Revert,
  parts: GovernParts,
) {
  let current = run;
  await revert.execute(undoTaskOf(run, about), parts.world, async (requestId) => {
    current = { ...current, requestIds: [...current.requestIds, requestId] };
    await parts.store.transact(async (tx) => {
      await tx.assertLease(step);
      await tx.saveRun(current);
    });
  });
  const seen = await revert.verify(undoTaskOf(run, about), parts.world);
  if (seen.kind !== 'took-effect')
    throw new CountersignError('govern.not-reverted', `revert of ${action.id} is not to be seen yet`, {
      say: seen.says,
      retryable: true,
    });
  await settle(step, about, current, seen.says, parts);
}

const undoTaskOf = (run: Run, about: Case): UndoTask => ({ ...taskOf(run, about), after: run.after ?? {} });

async function settle(step: Step, about: Case, run: Run, says: string, parts: GovernParts) {
  const at = isoTime(parts.clock);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    await tx.saveRun({ ...run, state: 'reverted', says, verifiedAt: at });
    const next = await nextToUndo(tx, run, parts.actions);
    const outcome = [...current.outcome, `Undone: ${says}`];
    await commitTransition(tx, current, {
      event: next ? 'progressed' : 'reverted',
      at,
      patch: { outcome },
      steps: next
        ? [{ kind: 'revert', key: next.id }]
        : writeBackSteps(current, { kind: 'undone', says: outcome }),
      note: {
        kind: 'run.reverted',
        actor: SYSTEM,
        facts: { run: run.id, action: run.action, requestIds: run.requestIds },
        personal: { target: { ...run.target }, says },
      },
    });
    if (!next) await tx.releaseTargets(about.id);
    await tx.finishStep(step);
  });
}

async function stop(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  says: readonly string[],
  reason: string,
  parts: GovernParts,
) {
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    // Untouched runs stay verified (undo may be tried again); one that was half put back is `kept` for a person.
    await tx.saveRun({ ...run, state: run.state === 'reverting' ? 'kept' : 'verified' });
    await commitTransition(tx, current, {
      event: 'revert-failed',
      at: isoTime(parts.clock),
      patch: { outcome: [...current.outcome, `Undo of "${action.title}" did not happen.`, ...says] },
      note: {
        kind: 'run.revert-failed',
        actor: SYSTEM,
        facts: { run: run.id, action: action.id, reason, requestIds: run.requestIds },
        personal: { target: { ...run.target }, says },
      },
    });
    await tx.releaseTargets(about.id);
    await tx.finishStep(step);
  });
}

/** Undo goes backwards through what was done. */
async function nextToUndo(
  tx: StoreTransaction,
  done: Run,
  actions: ReadonlyMap<string, GovernanceAction>,
): Promise<Run | undefined> {
  const runs = await tx.runsOf(done.caseId);
  return runs
    .filter((run) => run.id !== done.id && canUndo(run, actions))
    .toSorted((a, b) => b.position - a.position)[0];
}

export const canUndo = (run: Run, actions: ReadonlyMap<string, GovernanceAction>): boolean =>
  run.state === 'verified' && run.after !== null && actions.get(run.action)?.revert !== undefined;
