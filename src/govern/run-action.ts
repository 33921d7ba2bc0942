// Carries out one run of a governance action: snapshot, commit, change, verify. Claimed work only; decides nothing.
// `executing` is committed before the first call, so that after a crash the world is looked at before anything is repeated.
import { type Case, type Run, type Step, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { RunId } from '../case/ids.ts';
import { isDryRun } from '../case/settings.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { GovernanceAction, Task, World } from './action.ts';
import { actionOutOfBounds, targetOutOfBounds } from './bounds.ts';
import { finishRun, giveUp } from './settle.ts';

export interface GovernParts {
  readonly store: CaseStore;
  readonly actions: ReadonlyMap<string, GovernanceAction>;
  readonly world: World;
  readonly clock: Clock;
}

/** A retryable failure is tried this often before a person takes over. With doubling waits: about half an hour. */
export const ACT_ATTEMPTS = 10;
/** "Not yet" is looked at again this often. */
export const VERIFY_ATTEMPTS = 40;
/** A change that verify does not find is run again this often. */
const NOT_DONE_ATTEMPTS = 3;

/** The `act` step. Throws retryable errors for the worker to come back to. */
export async function act(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action, about } = loaded;
  try {
    if (run.state === 'pending') return await start(step, about, run, action, parts);
    if (run.state === 'executing') return await resume(step, about, run, action, parts);
    await parts.store.transact((tx) => tx.finishStep(step));
  } catch (error) {
    if (!isCountersignError(error) || isLeaseTrouble(error)) throw error;
    if (error.retryable && step.attempts + 1 < ACT_ATTEMPTS) throw error;
    await giveUp(step, about, await withNoted(run, parts), action, error.say, error.code, parts);
  }
}

/** The `verify` step: proof, or "not yet" until it is true or a person takes over. */
export async function verify(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action, about } = loaded;
  if (run.state !== 'executed' || !run.before) return parts.store.transact((tx) => tx.finishStep(step));
  try {
    const seen = await action.verify(taskOf(run, about), parts.world);
    if (seen.kind === 'took-effect') {
      const after = await action.read(run.target, parts.world);
      return await finishRun(step, about, { ...run, after }, seen.says, parts);
    }
    const most = seen.kind === 'not-yet' ? VERIFY_ATTEMPTS : NOT_DONE_ATTEMPTS;
    if (step.attempts + 1 >= most)
      return await giveUp(step, about, run, action, seen.says, 'govern.not-found-in-the-world', parts);
    throw new CountersignError('govern.not-yet', seen.says, {
      retryable: true,
      retryAfterMs: seen.kind === 'not-yet' ? seen.retryInMs : 2_000,
    });
  } catch (error) {
    if (!isCountersignError(error) || isLeaseTrouble(error)) throw error;
    if (error.retryable && step.attempts + 1 < VERIFY_ATTEMPTS) throw error;
    await giveUp(step, about, run, action, error.say, error.code, parts);
  }
}

async function start(step: Step, about: Case, run: Run, action: GovernanceAction, parts: GovernParts) {
  const { bounds } = parts.world.settings.detection;
  const forbidden =
    actionOutOfBounds(run.action, bounds) ?? targetOutOfBounds(run.target, about.subject, bounds);
  if (forbidden) return giveUp(step, about, run, action, forbidden, 'govern.out-of-bounds', parts);
  const before = await action.read(run.target, parts.world);
  const plan = action.plan(run.target, before, parts.world.settings);
  if (plan.kind !== 'offered') {
    const seen = await action.verify(taskOf({ ...run, before }, about), parts.world);
    if (seen.kind === 'took-effect')
      // Nothing was changed, so there is nothing to put back: without a state of ours, no undo.
      return finishRun(
        step,
        about,
        { ...run, before, after: null },
        `It was already so: ${seen.says}`,
        parts,
      );
    return giveUp(step, about, run, action, plan.reason, 'govern.refused-at-execution', parts);
  }
  if (isDryRun(about.policy.id, parts.world.settings)) return finishRun(step, about, run, null, parts);
  const claimed: Run = { ...run, state: 'executing', before };
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
  await change(step, about, claimed, action, parts);
}

export const taskOf = (run: Run, about: Case): Task => ({
  key: run.id,
  caseId: about.id,
  caseRef: about.ref,
  target: run.target,
  before: run.before ?? {},
  requestIds: run.requestIds,
  checks: run.checks ?? [],
});

/** The last try ended between the commit and the record: the world says whether it happened. */
async function resume(step: Step, about: Case, run: Run, action: GovernanceAction, parts: GovernParts) {
  if (!run.before)
    throw new CountersignError('govern.no-snapshot', `run ${run.id} is executing without a snapshot`);
  const seen = await action.verify(taskOf(run, about), parts.world);
  // "Not yet" counts as done only where the vendor had acknowledged the call: otherwise it may never have been made.
  const acknowledged = seen.kind === 'not-yet' && run.requestIds.length > 0;
  if (seen.kind === 'took-effect' || acknowledged) return executed(step, about, run, parts);
  if (action.effect === 'blind')
    return giveUp(step, about, run, action, 'Its outcome is not known.', 'govern.outcome-unknown', parts);
  await change(step, about, run, action, parts);
}

async function change(step: Step, about: Case, run: Run, action: GovernanceAction, parts: GovernParts) {
  let current = run;
  await action.execute(taskOf(run, about), parts.world, async (requestId) => {
    current = { ...current, requestIds: [...current.requestIds, requestId] };
    await parts.store.transact(async (tx) => {
      await tx.assertLease(step);
      await tx.saveRun(current);
    });
  });
  await executed(step, about, current, parts);
}

async function executed(step: Step, about: Case, run: Run, parts: GovernParts) {
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun({ ...run, state: 'executed' });
    await tx.addStep(about.id, { kind: 'verify', key: run.id });
    await tx.audit(about.id, {
      kind: 'run.executed',
      actor: SYSTEM,
      facts: { run: run.id, action: run.action, requestIds: run.requestIds, at: isoTime(parts.clock) },
    });
    await tx.finishStep(step);
  });
}

export async function load(step: Step, parts: Pick<GovernParts, 'store' | 'actions'>) {
  const found = await parts.store.transact(async (tx) => {
    const run = await tx.findRun(step.key as RunId);
    const about = run && (await tx.lockCase(run.caseId));
    if (!run || !about) await tx.finishStep(step);
    return run && about ? { run, about } : null;
  });
  if (!found) return null;
  const action = parts.actions.get(found.run.action);
  if (!action) throw new CountersignError('govern.unknown-action', `no action called ${found.run.action}`);
  return { ...found, action };
}

/** With the snapshot and the request ids that got on record since the run was loaded: what failed may have begun. */
export async function withNoted(run: Run, { store }: Pick<GovernParts, 'store'>): Promise<Run> {
  const latest = await store.transact((tx) => tx.findRun(run.id));
  return latest ? { ...run, before: latest.before, requestIds: latest.requestIds } : run;
}

export const isLeaseTrouble = (error: unknown): boolean =>
  isCountersignError(error) && (error.code === 'store.lease-lost' || error.code === 'store.stale');
