// How the undo of one run ends, and what comes next: the run before it, or the end of the undo. Reported target by target.
import { type Case, SYSTEM, type UndoConflict } from '../../case/case.ts';
import type { JsonObject } from '../../case/json.ts';
import type { Run, Step } from '../../case/run.ts';
import { isAmong, isPhrase, isSaid, type Said, sameSaid, say, says } from '../../case/said.ts';
import { labelled } from '../../case/standing.ts';
import { type Target, targetLabel } from '../../case/target.ts';
import { targetSaid } from '../../case/target-words.ts';
import { writeBackSteps } from '../../case/verdict.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import { isoTime } from '../../ports/clock.ts';
import { commitTransition, type Transition } from '../../ports/commit-transition.ts';
import { letGo } from '../../ports/target-line.ts';
import { type Failure, managerWords, ourFailure, withoutPauses, withTrouble } from '../failure.ts';
import { finish, type GovernParts, type Loaded } from '../parts.ts';
import { shownLines } from '../runs.ts';
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
  { run, about }: Loaded,
  obstacle: Said,
  parts: GovernParts,
): Promise<void> {
  const words = say('govern.left-alone', { why: obstacle });
  return settle(step, about, parts, async () => ({
    run,
    says: words,
    conflict: null,
    failure: ourFailure('govern.undo-obstructed', obstacle),
    note: {
      kind: 'run.revert-failed',
      actor: SYSTEM,
      facts: {
        run: run.id,
        action: run.action,
        reason: 'govern.undo-obstructed',
        requestIds: run.requestIds,
      },
      personal: { target: { ...run.target }, says: words },
    },
  }));
}

/** What was half done before is no more than that for having been tried to put back. */
const asBegun = ({ state, after }: Run): Run['state'] => (state === 'kept' || !after ? 'kept' : 'verified');

/** It could not be undone. What nothing of was written stays undoable; one that is half put back is `kept`: undo goes on there. */
export async function stop(
  step: Step,
  { run, about, action, revert, before, after }: Loaded & StopState,
  failure: Failure,
  parts: GovernParts,
): Promise<void> {
  const isUntouched = async (): Promise<boolean> => {
    try {
      const now = await action.read(run.target, parts.world);
      return revert.differences(before, after, now).length === 0;
    } catch {
      return false;
    }
  };
  const stored = await parts.store.transact((tx) => tx.findRun(run.id));
  const begun = stored?.state === 'reverting' && !(await isUntouched());
  await settle(step, about, parts, async (tx) => {
    const latest = (await tx.findRun(run.id)) ?? run;
    const why = managerWords(failure);
    const words = begun ? say('govern.half-put-back', { why }) : say('govern.not-undone', { why });
    return {
      run: begun ? { ...latest, state: 'kept', says: words } : { ...latest, state: asBegun(latest) },
      says: words,
      conflict: null,
      failure,
      outdated: begun,
      note: {
        kind: 'run.revert-failed',
        actor: SYSTEM,
        facts: { run: run.id, action: action.id, reason: failure.code, requestIds: latest.requestIds },
        personal: { target: { ...run.target }, says: words },
      },
    };
  });
}

interface StopState {
  readonly revert: {
    differences(before: JsonObject, after: JsonObject, now: JsonObject): readonly unknown[];
  };
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
      !runs.some((one) => one.state === 'reverted');
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

const RESULTS = [
  'govern.left-alone',
  'govern.left-alone-changed',
  'govern.not-undone',
  'govern.not-undone-late',
  'govern.half-put-back',
] as const;

/** What an earlier try said of it, and what the card said while this one waited, is over. */
const withoutResult = (outcome: readonly Said[], { target, state, later }: Run): readonly Said[] =>
  withoutPauses(outcome).filter(
    (line) =>
      !isResultOf(target, line) &&
      !((state === 'reverted' || state === 'kept') && later !== undefined && sameSaid(line, later)),
  );

function isResultOf(target: Target, line: Said): boolean {
  // As text it stands in cases from before words were kept as messages.
  if (!isPhrase(line))
    return (
      line.startsWith('Not yet: ') ||
      ['left alone', 'not undone'].some((start) => line.startsWith(`${targetLabel(target)}: ${start}`))
    );
  const { target: whose, words } = line.with ?? {};
  if (line.say !== 'govern.labelled') return line.say === 'govern.not-yet';
  const isAboutIt = isSaid(whose) && sameSaid(whose, targetSaid(target));
  return isAboutIt && isSaid(words) && RESULTS.some((key) => says(words, key));
}
