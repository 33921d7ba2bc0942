// An undo, as far as the claim goes: whether anything can still be put back, and that nobody else is changing it.
// Whether the world moved on is for the undo step to see, and to show.
import { createHash } from 'node:crypto';
import type { Case, Decision } from '../case/case.ts';
import { canonicalJson } from '../case/json.ts';
import type { Run } from '../case/run.ts';
import { say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import { isLapsed } from '../case/signed.ts';
import { isStillStanding, stands } from '../case/standing.ts';
import { heldTarget } from '../case/waiting.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';
import { sign, standingSignatures } from './sign.ts';
import { reasonsFor, weigh } from './signatures.ts';

export async function requestUndo(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  parts: DecideParts,
): Promise<Change> {
  const all = await tx.runsOf(about.id);
  const runs = undoableOf(all, parts);
  if (isDryRun(about.policy.id, parts.settings))
    throw new ClaimRefused('decide.dry-run', 'undo changes the world', {
      say: runs.length > 0 ? say('decide.undo-dry-run') : say('decide.dry-run'),
    });
  const last = runs.toSorted((a, b) => b.position - a.position)[0];
  if (!last) throw nothingLeft(all, parts);
  // Over what nobody was shown there is nothing to decide.
  if (decision.anyway && !about.undoConflicts?.length)
    throw new ClaimRefused('decide.no-conflict', 'no change since is known', {
      say: say('decide.no-conflict'),
    });
  const over = shownOf(about, runs);
  const standing = await standingSignatures(tx, about, decision, parts);
  // What was signed was this, and not whatever it would be by now.
  const signatures = standing.filter((one) => one.over === over && !isLapsed(one, decision.at));
  const reasons = reasonsFor(about, decision, signatures, parts.settings, {
    undoLetsIn: runs.some(parts.undoLetsIn),
  });
  const weighed = weigh(about, decision, signatures, reasons, parts.settings);
  if (weighed.kind !== 'enough') {
    const signed = sign(about, decision, weighed);
    return { ...signed, decision: { ...signed.decision, over } };
  }
  await holdForUndo(tx, about, runs);
  // From here on it may stand no longer: how each run ends is said line by line.
  const outcome = about.outcome.filter((line) => !isStillStanding(line));
  return { event: 'undo-requested', patch: { outcome }, steps: [{ kind: 'revert', key: last.id }] };
}

/** All of their targets, or the claim is refused. */
export async function holdForUndo(tx: StoreTransaction, about: Case, runs: readonly Run[]): Promise<void> {
  const targets = runs.map((run) => heldTarget(run.target));
  if (!(await tx.holdTargets(about.id, targets)))
    throw new ClaimRefused('decide.target-held', 'another case holds a target or waits for it', {
      say: say('decide.target-held'),
    });
}

/** Digest of what would be put back, and over which changes of others. */
const shownOf = ({ undoConflicts = [] }: Case, runs: readonly Run[]): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        runs: runs.map(({ id, state }) => `${id} ${state}`).toSorted(),
        over: undoConflicts.map(({ run, over }) => `${run} ${over}`).toSorted(),
      }),
    )
    .digest('hex');

export const undoableOf = (runs: readonly Run[], parts: DecideParts): readonly Run[] =>
  runs.filter((run) => parts.canUndo(run) && !isTooLate(run, parts));

const isTooLate = ({ state, verifiedAt }: Run, { clock, settings }: DecideParts): boolean =>
  state !== 'kept' &&
  verifiedAt !== null &&
  Date.parse(verifiedAt) + settings.governance.undoWindowMs < clock.now();

function nothingLeft(all: readonly Run[], parts: DecideParts): ClaimRefused {
  const isLate = all.some((run) => stands(run) && isTooLate(run, parts));
  return isLate
    ? new ClaimRefused('decide.undo-too-late', 'the undo window is over', {
        say: say('decide.undo-too-late', { span: { ms: parts.settings.governance.undoWindowMs } }),
      })
    : new ClaimRefused('decide.nothing-to-undo', 'no run can be put back', {
        say: say('decide.nothing-to-undo'),
      });
}
