// How the undo of one run ends, and what comes next: the run before it, or the end of the undo. Reported target by target.
import { type Case, SYSTEM, type UndoConflict } from '../../case/case.ts';
import type { JsonObject } from '../../case/json.ts';
import type { Run, Step } from '../../case/run.ts';
import { isAmong, type Said, say } from '../../case/said.ts';
import { labelled } from '../../case/standing.ts';
import { writeBackSteps } from '../../case/verdict.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import { isoTime } from '../../ports/clock.ts';
import { commitTransition, type Transition } from '../../ports/commit-transition.ts';
import { letGo } from '../../ports/target-line.ts';
import type { GovernanceAction } from '../action.ts';
import {
  type Failure,
  failureFacts,
  failureKind,
  failureWords,
  isGoneError,
  managerWords,
  ourFailure,
  withTrouble,
} from '../failure.ts';
import { finish, type GovernParts, type Loaded } from '../parts.ts';
import { shownLines } from '../runs.ts';
import { nothingLeft } from '../users/protected-users.ts';
import { withoutResult } from './results.ts';
import { canUndo, isUndoable } from './window.ts';

interface Result {
  readonly run: Run;
  /** Without the name of the target; null where there is nothing to say. */
  readonly says: Said | null;
  readonly conflict: UndoConflict | null;
  readonly failure?: Failure;
  /** What the card said of the run no longer holds. */
  readonly outdated?: boolean;
  readonly note: Transition['note'];
}

/** It is as it was before, seen twice. */
export function undone(
  step: Step,
  { run, about }: Loaded,
  words: Said,
  parts: GovernParts,
  seenAt?: string,
): Promise<void> {
  const at = isoTime(parts.clock);
  const done: Run = { ...run, state: 'reverted', says: words, verifiedAt: at };
  return settle(step, about, parts, async () => ({
    run: done,
    says: words,
    conflict: null,
    // Its proof is over, too: the last line says what is so now.
    outdated: true,
    note: {
      kind: 'run.reverted',
      actor: SYSTEM,
      facts: {
        run: run.id,
        action: run.action,
        requestIds: run.requestIds,
        checks: seenAt ? [seenAt, at] : [at],
      },
      personal: { target: { ...run.target }, says: words },
    },
  }));
}

/** Somebody else has had a hand in it, or relies on it: it stays, and the security role decides. */
export function leftAlone(
  step: Step,
  { run, about }: Loaded,
  conflict: UndoConflict,
  differs: boolean,
  parts: GovernParts,
): Promise<void> {
  return settle(step, about, parts, async () => ({
    run,
    says: say('govern.left-alone-changed'),
    conflict,
    outdated: differs,
    note: {
      kind: 'run.revert-failed',
      actor: SYSTEM,
      facts: { run: run.id, action: run.action, reason: 'govern.world-moved', requestIds: run.requestIds },
      personal: { target: { ...run.target }, says: conflict.says },
    },
  }));
}

/** It does not stand any more, whatever became of it: the undo goes on with what does. */
export async function passedOver(
  step: Step,
  { run, about }: Pick<Loaded, 'run' | 'about'>,
  parts: GovernParts,
): Promise<void> {
  if (about.state !== 'undoing') return finish(step, parts);
  await settle(step, about, parts, async () => ({
    run,
    says: null,
    conflict: null,
    note: {
      kind: 'run.passed-over',
      actor: SYSTEM,
      facts: { run: run.id, action: run.action, state: run.state },
    },
  }));
}

/** Something outside keeps all of it from being put back: nothing was written, and it can be tried again. */
export function obstructed(
  step: Step,
  { run, about }: Pick<Loaded, 'run' | 'about'>,
  obstacle: Said,
  parts: GovernParts,
  failure: Failure = ourFailure('govern.undo-obstructed', obstacle),
): Promise<void> {
  const words = say('govern.left-alone', { why: obstacle });
  return settle(step, about, parts, async () => ({
    run,
    says: words,
    conflict: null,
    failure,
    note: {
      kind: 'run.revert-failed',
      actor: SYSTEM,
      facts: { run: run.id, action: run.action, ...failureFacts(failure), requestIds: run.requestIds },
      personal: { target: { ...run.target }, says: words, ...failureWords(failure) },
    },
  }));
}

/** What was half done before is no more than that for having been tried to put back. */
const asBegun = ({ state, after }: Run): Run['state'] => (state === 'kept' || !after ? 'kept' : 'verified');

/** What was changed is not there any more, nor will it be: nothing of it stands, and nothing is left to undo. */
export const over = (
  step: Step,
  { run, about }: Pick<Loaded, 'run' | 'about'>,
  why: Said,
  parts: GovernParts,
  failure?: Failure,
): Promise<void> =>
  obstructed(step, { run: { ...run, state: 'verified', gone: true }, about }, why, parts, failure);

/** It could not be undone. What nothing of was written stays undoable; one that is half put back is `kept`: undo goes on there. */
export async function stop(
  step: Step,
  { run, about, action, revert, before, after }: Loaded & StopState,
  failure: Failure,
  parts: GovernParts,
): Promise<void> {
  const look = async (): Promise<{ readonly gone: Said | null; readonly untouched: boolean }> => {
    try {
      const now = await action.read(run.target, parts.world);
      const gone = revert.gone?.(run.target, before, now) ?? null;
      return { gone, untouched: revert.differences(before, after, now).length === 0 };
    } catch (error) {
      return { gone: isGoneError(error) ? nothingLeft(error.say) : null, untouched: false };
    }
  };
  const stored = await parts.store.transact((tx) => tx.findRun(run.id));
  const isReverting = stored?.state === 'reverting';
  const seen = isReverting || failureKind(failure.code) === 'gone' ? await look() : null;
  if (seen?.gone) return over(step, { run: stored ?? run, about }, seen.gone, parts, failure);
  const begun = isReverting && !seen?.untouched;
  await settle(step, about, parts, async (tx) => {
    const latest = (await tx.findRun(run.id)) ?? run;
    // What is said to be gone while its target is there: trying it again is no matter of nothing being left.
    const why = failureKind(failure.code) === 'gone' ? failure.say : managerWords(failure);
    const words = begun ? say('govern.half-put-back', { why }) : say('govern.not-undone-stands', { why });
    return {
      run: begun ? { ...latest, state: 'kept', says: words } : { ...latest, state: asBegun(latest) },
      says: words,
      conflict: null,
      failure,
      outdated: begun,
      note: {
        kind: 'run.revert-failed',
        actor: SYSTEM,
        facts: { run: run.id, action: action.id, ...failureFacts(failure), requestIds: latest.requestIds },
        personal: { target: { ...run.target }, says: words, ...failureWords(failure) },
      },
    };
  });
}

interface StopState {
  readonly revert: Pick<NonNullable<GovernanceAction['revert']>, 'differences' | 'gone'>;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

async function settle(
  step: Step,
  about: Case,
  parts: GovernParts,
  resultOf: (tx: StoreTransaction) => Promise<Result>,
): Promise<void> {
  const at = isoTime(parts.clock);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    const { run, says: words, conflict, failure, outdated, note } = await resultOf(tx);
    const proof = outdated ? shownLines((await tx.findRun(run.id)) ?? run, await tx.runsOf(about.id)) : [];
    await tx.saveRun(run);
    const runs = await tx.runsOf(about.id);
    const next = runs
      .filter(
        (one) => one.position < run.position && isWanted(one, current) && isWithinTime(one, current, parts),
      )
      .toSorted((a, b) => b.position - a.position)[0];
    const outcome = [
      ...withoutResult(current.outcome, run).filter((line) => !isAmong(proof, line)),
      ...(words === null ? [] : [labelled(run, words)]),
      ...(next ? [] : tooLateLines(runs, current, parts)),
    ];
    const undoConflicts = [
      ...(current.undoConflicts ?? []).filter((one) => one.run !== run.id),
      ...(conflict ? [conflict] : []),
    ];
    const patch = {
      outcome,
      undoConflicts,
      ...(failure && { troubles: withTrouble(current.troubles, run, failure, at) }),
    };
    const hasNoWayBack = (one: Run): boolean =>
      one.shown?.undo === false || !parts.actions.get(one.action)?.revert;
    const stands =
      runs.some((one) => isUndoable(one, parts.actions) || (one.state === 'kept' && !hasNoWayBack(one))) ||
      !runs.some(({ state, gone }) => state === 'reverted' || gone);
    await commitTransition(tx, current, {
      at,
      note,
      patch,
      ...(next
        ? { event: 'progressed', steps: [{ kind: 'revert', key: next.id }] }
        : stands
          ? { event: 'revert-failed', steps: [{ kind: 'tell', key: '' }] }
          : {
              event: 'reverted',
              steps: writeBackSteps(current, {
                kind: isReleased(current) ? 'dismissed' : 'undone',
                says: outcome,
              }),
            }),
    });
    if (!next) await letGo(tx, about.id, at);
    await tx.finishStep(step);
  });
}

/** It was contained before anybody had answered, and then said to be expected: nothing else is put back by that. */
const isReleased = ({ decisions }: Case): boolean => decisions.at(-1)?.verb === 'dismiss';

const isWanted = ({ decision }: Run, about: Case): boolean =>
  !isReleased(about) || decision === about.containedFirst?.decision;

/** As it was when undo was pressed: what is held up on its way is not late for that. */
function isWithinTime(run: Run, { decisions }: Case, { actions, clock, world }: GovernParts): boolean {
  const last = decisions.at(-1);
  const now = last?.verb === 'undo' || last?.verb === 'dismiss' ? Date.parse(last.at) : clock.now();
  return canUndo(run, actions, { now, undoWindowMs: world.settings.governance.undoWindowMs });
}

const tooLateLines = (runs: readonly Run[], about: Case, parts: GovernParts): readonly Said[] =>
  runs
    .filter((one) => isUndoable(one, parts.actions) && !isWithinTime(one, about, parts))
    .map((run) => labelled(run, say('govern.not-undone-late')));
