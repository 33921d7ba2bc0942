// Proof of a change, in the `verify` step: seen twice, with a pause between, or "not yet" until it is true or a person takes over.
import { type Case, SYSTEM } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { Run, Step } from '../case/run.ts';
import { isPhrase, type Said, sameSaid, say } from '../case/said.ts';
import { isoTime } from '../ports/clock.ts';
import type { GovernanceAction, Verification } from './action.ts';
import { failureKind, ourFailure } from './failure.ts';
import { countIn, finish, type GovernParts, type Loaded, load, recheckMs, taskOf } from './parts.ts';
import { retriedOrFinal } from './run-action.ts';
import { isBeingCarriedOut, lineOf, renewed, sharesTarget, shownLines } from './runs.ts';
import { finishRun, giveUp, startNext } from './settle.ts';
import { goOn, tellCase } from './tell-case.ts';

/** "Not yet" is looked at again this often. */
export const VERIFY_ATTEMPTS = 40;
/** A change that is not there (any more) is made again this often. */
export const NOT_DONE_ATTEMPTS = 3;
/**
 * "Not yet" holds its targets for so long in all, from the first look on: whoever can make it say so again and again must not keep
 * everybody else from containing them. Ten times what IAM and Entra take at worst.
 */
export const NOT_YET_MS = 30 * 60_000;
/** A state that is another one with every look is taken as it is after so many. */
const MOST_LOOKS = 3;

/** The `verify` step. Throws retryable errors for the worker to come back to. */
export async function verify(step: Step, parts: GovernParts): Promise<void> {
  const loaded = await load(step, parts);
  if (!loaded) return;
  const { run, action, about } = loaded;
  if (run.state !== 'executed' || !run.before) return finish(step, parts);
  try {
    const seen = await action.verify(taskOf(run, about), parts.world);
    if (seen.kind === 'took-effect') return await seenOnce(step, loaded, seen, parts);
    // Seen in effect once, and then not: somebody has put it back, or one replica does not know yet. Made again, both are right.
    const isLost = action.effect === 'converges' && (run.checks?.length ?? 0) > 0;
    if (seen.kind === 'not-yet' && !isLost) return await notYet(step, loaded, seen, parts);
    await notDone(step, loaded, seen.says, parts);
  } catch (error) {
    const failure = await retriedOrFinal(error, step, VERIFY_ATTEMPTS, parts);
    const first = run.checks?.[0];
    // "Could not look" is not "does not hold": it stays proven by what was seen.
    if (!first || !run.after || failureKind(failure.code) === 'gone')
      return giveUp(step, about, run, action, failure, parts);
    const says = say('govern.took-effect-unseen', { when: { time: first }, why: failure.say });
    await finishRun(step, about, run, { state: 'verified', says, unseen: failure }, parts);
  }
}

type Seen<Kind extends Verification['kind']> = Extract<Verification, { kind: Kind }>;

async function seenOnce(
  step: Step,
  { run, action, about }: Loaded,
  seen: Seen<'took-effect'>,
  parts: GovernParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  const now = await action.read(run.target, parts.world);
  const runs = await parts.store.runsOf(about.id);
  // What another run of the same decision does to it meanwhile belongs to that one.
  const isShared = sharesTarget(run, runs);
  if (seen.unproven) {
    const accepted: Run = { ...run, checks: [at], after: now };
    const words = say('govern.accepted', { when: { time: at }, says: seen.says });
    return finishRun(
      step,
      about,
      accepted,
      { state: 'verified', says: words, followUp: seen.followUp },
      parts,
    );
  }
  const first = run.checks?.[0];
  const hasMoved = !isShared && run.after !== null && isMoved(action, run, now);
  if (!first || (hasMoved && countIn(step, 'looks') < MOST_LOOKS))
    return lookAgain(step, about, { ...run, checks: [at], after: now }, parts);
  const proven: Run = { ...run, checks: [first, at], after: isShared && run.after ? run.after : now };
  const says = say('govern.took-effect', { when: { time: first }, says: seen.says });
  const unseen = seen.lacks && { unseen: ourFailure('govern.in-part', seen.lacks) };
  await finishRun(
    step,
    about,
    proven,
    { state: 'verified', says, followUp: seen.followUp, ...unseen },
    parts,
  );
}

const isMoved = (action: GovernanceAction, { before, after }: Run, now: NonNullable<Run['after']>): boolean =>
  (action.revert?.differences(before ?? {}, after ?? {}, now).length ?? 0) > 0;

/** On record as seen; the next run of the decision need not wait for the second look. */
async function lookAgain(step: Step, about: Case, run: Run, parts: GovernParts): Promise<void> {
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.saveRun(run);
    await tx.addStep(about.id, {
      kind: 'verify',
      key: run.id,
      delayMs: recheckMs(parts),
      body: { ...carried(step), looks: countIn(step, 'looks') + 1 },
    });
    if ((await tx.lockCase(about.id))?.state === 'executing') await startNext(tx, await tx.runsOf(about.id));
    await goOn(tx, step, isoTime(parts.clock));
    await tx.finishStep(step);
  });
}

/** The card says so once, and again when the words change. */
async function notYet(
  step: Step,
  { run, action, about }: Loaded,
  seen: Seen<'not-yet'>,
  parts: GovernParts,
): Promise<void> {
  if (step.attempts + 1 >= VERIFY_ATTEMPTS || isOverdue(step, parts))
    return giveUp(step, about, run, action, ourFailure('govern.not-found-in-the-world', seen.says), parts);
  const says = notYetWords(seen.says);
  if (run.says === null || !sameSaid(run.says, says) || run.checks?.length)
    await tell(step, about, { ...run, says, checks: [], after: null }, 'run.not-yet', parts);
  throw new CountersignError('govern.not-yet', 'the change has not taken effect yet', {
    say: seen.says,
    retryable: true,
    retryAfterMs: seen.retryInMs,
  });
}

/** What a step of a run hands on to the next: how often it was made again, and when it was first looked at. */
export const carried = (step: Step): { readonly again: number; readonly since: number } => ({
  again: countIn(step, 'again'),
  since: countIn(step, 'since'),
});

/** Steps from before it was kept have only their number of looks. */
export function isOverdue(
  step: Step,
  { clock, notYetMs = NOT_YET_MS }: Pick<GovernParts, 'clock' | 'notYetMs'>,
): boolean {
  const since = countIn(step, 'since');
  return since > 0 && clock.now() - since >= notYetMs;
}

/** Messages that are waited for never say so themselves; text may. */
export const notYetWords = (words: Said): Said =>
  !isPhrase(words) && /^not yet\b/i.test(words) ? words : say('govern.not-yet', { says: words });

/** Made again where that may be: nothing is lost, and nothing is repeated that must not be. */
async function notDone(
  step: Step,
  { run, action, about }: Loaded,
  why: Said,
  parts: GovernParts,
): Promise<void> {
  const { again: before, since } = carried(step);
  const again = before + 1;
  if (action.effect === 'blind' || !isBeingCarriedOut(run, about) || again > NOT_DONE_ATTEMPTS)
    return giveUp(step, about, run, action, ourFailure('govern.not-found-in-the-world', why), parts);
  const anew: Run = {
    ...run,
    state: 'executing',
    checks: [],
    after: null,
    says: run.checks?.length ? say('govern.did-not-last', { why }) : say('govern.not-there', { why }),
  };
  await tell(step, about, anew, 'run.again', parts, async (tx) => {
    await tx.addStep(about.id, {
      kind: 'act',
      key: run.id,
      delayMs: recheckMs(parts),
      body: { again, since },
    });
    await tx.finishStep(step);
  });
}

type Transaction = Parameters<Parameters<GovernParts['store']['transact']>[0]>[0];

async function tell(
  step: Step,
  about: Case,
  next: Run,
  kind: string,
  parts: GovernParts,
  more?: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    const runs = await tx.runsOf(about.id);
    const old = runs.find((one) => one.id === next.id) ?? next;
    await tx.saveRun(next);
    await tellCase(tx, current, {
      at: isoTime(parts.clock),
      patch: {
        outcome: renewed(current.outcome, shownLines(old, runs), [lineOf(next, next.says ?? '', runs)]),
      },
      note: {
        kind,
        actor: SYSTEM,
        facts: { run: next.id, action: next.action },
        personal: { says: next.says },
      },
    });
    await more?.(tx);
  });
}
