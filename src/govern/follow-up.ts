// Looks again, in the `follow-up` step, at what was true but not yet everywhere: true by now, later, or a person again.
import { type Case, SYSTEM } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { Run, Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { GovernanceAction, Verification } from './action.ts';
import { type Failure, failureFacts, failureKind, failureWords, ourFailure, withTrouble } from './failure.ts';
import { hasNoWayBack, lookAtWhatIsLeft } from './half-done.ts';
import { finish, type GovernParts, load, saidIn, taskOf } from './parts.ts';
import { VERIFY_ATTEMPTS } from './prove.ts';
import { retriedOrFinal } from './run-action.ts';
import { lineOf, renewed, shownLines } from './runs.ts';
import { tellCase } from './tell-case.ts';

/** It was seen in effect before: so many looks that do not find it, over about ten minutes, are no replica that lags behind. */
const MOST_LOOKS = 10;

/** An undo takes seconds, unless a vendor asks it to slow down. */
const UNDOING_MS = 60_000;

/** Throws retryable errors for the worker to come back to. */
export async function followUp(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action, about } = loaded;
  // It may be left alone after all: what becomes of the undo is waited for.
  if (run.state === 'reverting' || (run.state === 'verified' && about.state === 'undoing'))
    return putOff(step, parts);
  // Undone meanwhile, or gone: there is nothing left that should hold.
  if (run.state !== 'verified' || run.gone) return finish(step, parts);
  try {
    const seen = await action.verify(taskOf(run, about), parts.world);
    if (seen.kind === 'took-effect') return await confirmed(step, about, run, seen, parts);
    if (seen.kind === 'not-yet' && step.attempts + 1 < MOST_LOOKS)
      throw new CountersignError('govern.not-yet', 'the change is not seen any more', {
        say: seen.says,
        retryable: true,
        retryAfterMs: seen.retryInMs,
      });
    await relapsed(step, about, run, action, ourFailure('govern.relapsed', seen.says), parts);
  } catch (error) {
    const failure = await retriedOrFinal(error, step, VERIFY_ATTEMPTS, parts);
    await relapsed(step, about, run, action, failure, parts);
  }
}

/** As often as it takes, which is none of its tries. */
const putOff = (step: Step, { store }: GovernParts): Promise<void> =>
  store.transact((tx) => putOffIn(tx, step));

async function putOffIn(tx: StoreTransaction, step: Step): Promise<void> {
  const body = { line: saidIn(step, 'line') ?? '' };
  await tx.addStep(step.caseId, { kind: 'follow-up', key: step.key, delayMs: UNDOING_MS, body });
  await tx.finishStep(step);
}

/** Undo was pressed while it was being looked at. */
const isBeingUndone = async (tx: StoreTransaction, run: Run, about: Case): Promise<boolean> =>
  about.state === 'undoing' || (await tx.findRun(run.id))?.state !== run.state;

async function confirmed(
  step: Step,
  about: Case,
  run: Run,
  seen: Extract<Verification, { kind: 'took-effect' }>,
  parts: GovernParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    if (await isBeingUndone(tx, run, current)) return putOffIn(tx, step);
    const runs = await tx.runsOf(about.id);
    const later = seen.followUp && lineOf(run, seen.followUp.says, runs);
    const { later: _, ...rest } = run;
    const done: Run = {
      ...rest,
      says: seen.says,
      checks: [...(run.checks ?? []), at],
      ...(later && { later }),
    };
    await tx.saveRun(done);
    const old = [...shownLines(run, runs), saidIn(step, 'line') ?? ''];
    await tellCase(tx, current, {
      at,
      patch: {
        outcome: renewed(current.outcome, old, [...shownLines(done, runs), ...(later ? [later] : [])]),
      },
      steps: seen.followUp
        ? [{ kind: 'follow-up', key: run.id, delayMs: seen.followUp.afterMs, body: { line: later ?? '' } }]
        : [],
      note: {
        kind: 'run.followed-up',
        actor: SYSTEM,
        facts: { run: run.id, action: run.action, final: !seen.followUp, at },
        personal: { target: { ...run.target }, says: seen.says },
      },
    });
    await tx.finishStep(step);
  });
}

/** What does not hold as a whole may do so in part: then it still stands, and undo knows it. */
async function asItIsNow(
  run: Run,
  action: GovernanceAction,
  why: Said,
  { world }: GovernParts,
): Promise<Run> {
  const { before, later: _, ...rest } = run;
  const left = before && !run.informs ? await lookAtWhatIsLeft(before, run.target, action, world) : 'nothing';
  if (left === 'nothing') return { ...run, state: 'failed', says: say('govern.does-not-hold', { why }) };
  const says = hasNoWayBack(run, action)
    ? say('govern.does-not-hold', { why })
    : say('govern.does-not-hold-in-part', { why });
  return { ...rest, before, state: 'kept', says };
}

/** What was promised did not come true: a person decides anew. */
async function relapsed(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  failure: Failure,
  parts: GovernParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  const known = failure.code === 'govern.relapsed' || failureKind(failure.code) === 'gone';
  const why = failure.say;
  const after = known ? await asItIsNow(run, action, why, parts) : run;
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    if (await isBeingUndone(tx, run, current)) return putOffIn(tx, step);
    const runs = await tx.runsOf(about.id);
    const says = (known && after.says) || say('govern.could-not-look-again', { why });
    const sentence = say('govern.of-action', { action: action.title, words: says });
    const line = lineOf(run, sentence, runs);
    // "Could not look" is not "does not hold": it stays proven by what was seen.
    await tx.saveRun(known ? after : { ...run, later: line });
    const old = [...(known ? shownLines(run, runs) : []), saidIn(step, 'line') ?? ''];
    const transition = {
      at,
      patch: {
        outcome: renewed(current.outcome, old, [line]),
        troubles: withTrouble(current.troubles, run, failure, at),
      },
      note: {
        kind: 'run.relapsed',
        actor: SYSTEM,
        facts: { run: run.id, action: run.action, ...failureFacts(failure) },
        personal: { target: { ...run.target }, says, ...failureWords(failure) },
      },
    };
    if (known && current.state === 'contained')
      await commitTransition(tx, current, {
        ...transition,
        event: 'relapsed',
        // Whoever signed an undo of it did so of something else.
        patch: { ...transition.patch, toSecurity: sentence, decidedBefore: current.decisions.length },
        steps: [{ kind: 'route', key: '' }, ...writeBackSteps(current, { kind: 'failed', says: [sentence] })],
      });
    // It still stands as far as is known, or somebody is at it already, or said that it was expected: the security team is shown it all the same.
    else await tellCase(tx, current, { ...transition, steps: [{ kind: 'tell', key: '' }] });
    await tx.finishStep(step);
  });
}
