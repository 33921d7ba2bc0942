// How a run ends, and what the case owes next: the following run, the proof on the card, or a person.
import { type Case, SYSTEM } from '../case/case.ts';
import { unclaimedGroup } from '../case/claimed-group.ts';
import type { Run, Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { stands } from '../case/standing.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { NewStep, StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { letGo } from '../ports/target-line.ts';
import type { GovernanceAction } from './action.ts';
import { type Failure, failureFacts, failureWords, managerWords, withTrouble } from './failure.ts';
import { leftHalfDone, settleHalfDone } from './half-done.ts';
import type { GovernParts } from './parts.ts';
import {
  firstPending,
  isBeingCarriedOut,
  isUnderWay,
  lineOf,
  linesUntilNow,
  ofSameDecision,
  renewed,
  shownLines,
} from './runs.ts';
import { tellCase } from './tell-case.ts';

export interface Ending {
  readonly state: 'verified' | 'dry-run';
  readonly says: Said;
  /** Where it is not yet true everywhere. */
  readonly followUp?: { readonly afterMs: number; readonly says: Said } | undefined;
  /** What keeps it from being looked at again, or what of it is not there: the security team is told. */
  readonly unseen?: Failure;
}

export const DRY_RUN: Ending = { state: 'dry-run', says: say('govern.dry-run') };

/** The run is proven, or was only planned. Goes on with what is left of the decision, or closes it. */
export async function finishRun(
  step: Step,
  about: Case,
  run: Run,
  ending: Ending,
  parts: GovernParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  const done: Run = { ...run, state: ending.state, says: ending.says, verifiedAt: at };
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    const runs = (await tx.runsOf(about.id)).map((one) => (one.id === done.id ? done : one));
    const later = ending.followUp ? [lineOf(done, ending.followUp.says, runs)] : [];
    await tx.saveRun(later[0] === undefined ? done : { ...done, later: later[0] });
    const outcome = renewed(current.outcome, linesUntilNow(run, runs), [...shownLines(done, runs), ...later]);
    const { unseen } = ending;
    const troubled = unseen && { troubles: withTrouble(current.troubles, done, unseen, at) };
    const transition = {
      at,
      steps: [...followUpSteps(done, ending, later), ...(unseen ? [{ kind: 'tell', key: '' } as const] : [])],
      note: {
        kind: 'run.verified',
        actor: SYSTEM,
        facts: {
          run: done.id,
          action: done.action,
          dryRun: done.state === 'dry-run',
          checks: done.checks ?? [],
          requestIds: done.requestIds,
          at,
        },
        personal: { target: { ...done.target }, says: ending.says, after: done.after },
      },
    };
    if (current.state !== 'executing' || runs.some(isUnderWay)) {
      await tellCase(tx, current, { ...transition, patch: { outcome, ...troubled } });
      if (current.state === 'executing') await startNext(tx, runs);
    } else {
      const mates = ofSameDecision(done, runs);
      const actions = mates.map((one) => parts.actions.get(one.action));
      const isSilent = isBySilence(done, current);
      const informed = isSilent || actions.every((action) => action?.informs);
      const letIn = actions.every((action) => action?.letsIn);
      const containedFirst = isSilent && mates.some(stands) && { decision: done.decision ?? 0, at };
      await commitTransition(tx, current, {
        ...transition,
        event: informed ? 'informed' : 'verified',
        patch: {
          ...{ outcome, ...troubled, voids: 0 },
          ...(informed && { groupKey: unclaimedGroup(current) }),
          ...(containedFirst && { containedFirst }),
        },
        steps: [
          ...transition.steps,
          ...(informed ? [{ kind: 'route', key: '' } as const] : []),
          // Whoever only let somebody back in said that this was expected.
          ...(informed || ending.state === 'dry-run'
            ? []
            : writeBackSteps(current, { kind: letIn ? 'dismissed' : 'contained', says: outcome })),
          ...(isSilent ? writeBackSteps(current, { kind: 'contained-first', says: outcome }) : []),
          // Nobody has decided this: whoever is to know hears of it.
          ...(isSilent ? [{ kind: 'tell', key: '' } as const] : []),
        ],
      });
      await letGo(tx, about.id, at);
    }
    await tx.finishStep(step);
  });
}

/** Done because nobody answered: whoever is asked still has to say what they think of it. */
const isBySilence = ({ decision }: Run, { decisions }: Case): boolean =>
  decision !== undefined && decisions[decision]?.by.id === SYSTEM.id;

const followUpSteps = (run: Run, { followUp }: Ending, lines: readonly Said[]): readonly NewStep[] =>
  followUp
    ? [{ kind: 'follow-up', key: run.id, delayMs: followUp.afterMs, body: { line: lines[0] ?? '' } }]
    : [];

/** The next run of the decision, unless it was begun already and waits for its turn. */
export async function startNext(tx: StoreTransaction, runs: readonly Run[]): Promise<void> {
  const next = firstPending(runs);
  if (next) await tx.addStep(next.caseId, { kind: 'act', key: next.id }, { ifAbsent: true });
}

/** Nothing more can be done without a person: the security team is asked, with the reason. Nothing is lost. */
export async function giveUp(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  failure: Failure,
  parts: GovernParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  const left = await leftHalfDone(step, run, action, failure, parts);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    // As it is in the store: what failed may have begun, and its request ids are on record.
    const latest = (await tx.findRun(run.id)) ?? run;
    const words = left?.says ?? managerWords(failure);
    await tx.saveRun(
      left
        ? { ...latest, state: 'kept', says: words, after: latest.after ?? left.now, verifiedAt: at }
        : { ...latest, state: 'failed', says: words },
    );
    if (left) await settleHalfDone(tx, latest);
    const runs = await tx.runsOf(about.id);
    const sentence = say('govern.did-not-succeed', { action: action.title, why: words });
    const patch = {
      outcome: renewed(current.outcome, linesUntilNow(latest, runs), [lineOf(latest, sentence, runs)]),
      troubles: withTrouble(current.troubles, latest, failure, at),
    };
    const note = {
      kind: 'run.failed',
      actor: SYSTEM,
      facts: { run: run.id, action: action.id, ...failureFacts(failure), requestIds: latest.requestIds },
      personal: { target: { ...run.target }, say: words, ...failureWords(failure) },
    };
    if (!isBeingCarriedOut(run, current)) await tellCase(tx, current, { at, patch, note });
    else {
      for (const other of ofSameDecision(run, runs))
        if (other.id !== run.id && other.state === 'pending')
          await tx.saveRun({ ...other, state: 'failed', says: say('govern.not-started.failed') });
      await commitTransition(tx, current, {
        event: 'failed',
        at,
        patch: { ...patch, voids: 0, toSecurity: sentence },
        steps: [{ kind: 'route', key: '' }, ...writeBackSteps(current, { kind: 'failed', says: [sentence] })],
        note,
      });
      await letGo(tx, about.id, at);
    }
    await tx.finishStep(step);
  });
}
