// An approval: its runs, what they use of the hourly limits, and the targets that they change, in the claim's transaction.
// Nothing runs here. Where somebody else is changing a target, the case waits in line.
import { awaitsOf, type Case, type Decision } from '../case/case.ts';
import { claimedGroup } from '../case/claimed-group.ts';
import { offerDigest } from '../case/offer-digest.ts';
import type { PlannedOffer } from '../case/question.ts';
import type { Run } from '../case/run.ts';
import { contains, type Said, say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import { isSameAnswer } from '../case/signed.ts';
import { standingLines } from '../case/standing.ts';
import { heldTarget, waitingLine } from '../case/waiting.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitPlaces, WAITING_POLL_MS } from '../ports/target-line.ts';
import { beyondLimits, limitsOf, refuseForbidden } from './caps.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';
import { sign, standingSignatures } from './sign.ts';
import { type Reason, reasonsFor, weigh } from './signatures.ts';

export async function approve(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  parts: DecideParts,
): Promise<Change> {
  const offer = about.question?.offers.find((one) => one.key === decision.offer);
  if (!offer)
    throw new ClaimRefused('decide.not-offered', 'offer vanished', { say: say('decide.choice-gone') });
  const earlier = await tx.runsOf(about.id);
  // It changes nothing, so it uses nothing up and keeps nobody waiting. What is asked or answered so is never carried out for real.
  const isDry = about.question?.dryRun === true || isDryRun(about.policy.id, parts.settings);
  const runs = planRuns(about, offer, { earlier: earlier.length, isDry }, parts);
  const over = offerDigest(offer);
  refuseForbidden(runs, decision, parts);
  const signatures = await standingSignatures(tx, about, decision, parts);
  const reasons = reasonsFor(about, decision, signatures, parts.settings, { isDryRun: isDry });
  const weighed = weigh(about, decision, signatures, reasons, parts.settings);
  const limits = isDry ? [] : await limitsOf(tx, runs, decision, weighed, parts);
  // Whoever signed without having been told of a limit has not agreed to go beyond it.
  const told = signatures.filter((one) => !isSameAnswer(one, decision) || saysAll(one, limits));
  const beyond =
    limits.length === 0 ? weighed : weigh(about, decision, told, [...reasons, ...limits], parts.settings);
  if (beyond.kind !== 'enough') {
    const signed = sign(about, decision, beyond);
    return { ...signed, decision: { ...signed.decision, over } };
  }
  if (limits.length > 0) await beyondLimits(tx, runs, decision, beyond.agreeing, parts);
  for (const run of runs) await tx.saveRun(run);
  const line = isDry ? null : await takeTargets(tx, about, runs, decision, parts);
  const first = runs[0];
  return {
    event: 'approved',
    // From here on, later matches open a case of their own.
    patch: {
      groupKey: claimedGroup(about),
      // What an earlier decision did and still stands is no less true for this one.
      outcome: [...standingLines(earlier), ...(line ? [line] : [])],
    },
    decision: { over, ...(offer.left.length > 0 && { left: offer.left }) },
    steps: first ? [{ kind: 'act', key: first.id, ...(line && { delayMs: WAITING_POLL_MS }) }] : [],
  };
}

const saysAll = (signature: Decision, reasons: readonly Reason[]): boolean =>
  reasons.every(({ says }) => contains(awaitsOf(signature) ?? '', says));

/** One for each planned action and target, the strongest first: what shuts somebody out does not wait for what tells somebody. */
function planRuns(
  about: Case,
  offer: PlannedOffer,
  { earlier, isDry }: { readonly earlier: number; readonly isDry: boolean },
  parts: DecideParts,
): readonly Run[] {
  return offer.actions
    .toSorted((a, b) => parts.strengthOf(b.action) - parts.strengthOf(a.action))
    .map((planned, index) => ({
      id: parts.ids.runId(),
      caseId: about.id,
      position: earlier + index,
      decision: about.decisions.length,
      shown: {
        says: [...planned.says, planned.undo.says],
        ...(planned.basis !== undefined && { basis: planned.basis }),
        ...(isDry && { dryRun: true as const }),
        undo: planned.undo.possible,
        undoSays: planned.undo.possible
          ? planned.undo.says
          : say('decide.about-action', { action: planned.title, says: planned.undo.says }),
      },
      ...(planned.nature === 'informs' && { informs: true as const }),
      action: planned.action,
      target: planned.target,
      state: 'pending',
      before: null,
      after: null,
      requestIds: [],
      says: null,
      verifiedAt: null,
    }));
}

/** All of them or none; where the case has to wait, for whom, a sentence. */
async function takeTargets(
  tx: StoreTransaction,
  about: Case,
  runs: readonly Run[],
  { at }: Decision,
  parts: DecideParts,
): Promise<Said | null> {
  const { waitsFor, moved } = await tx.takeTargets(
    about.id,
    runs.map((run) => heldTarget(run.target)),
    Math.max(0, ...runs.map((run) => parts.strengthOf(run.action))),
  );
  await commitPlaces(tx, moved, at);
  return waitsFor && waitingLine(waitsFor);
}
