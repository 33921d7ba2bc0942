// An approval: its runs, what they use of the hourly limits, and the targets that they change, in the claim's transaction.
// Nothing runs here. Where somebody else is changing a target, the case waits in line.
import type { Case, Decision } from '../case/case.ts';
import { claimedGroup } from '../case/claimed-group.ts';
import type { PlannedOffer } from '../case/question.ts';
import type { Run } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import { standingLines } from '../case/standing.ts';
import { heldTarget, waitingLine } from '../case/waiting.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitPlaces, WAITING_POLL_MS } from '../ports/target-line.ts';
import { refuseForbidden, reserveRuns } from './caps.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';
import { sign, standingSignatures } from './sign.ts';
import { reasonsFor, weigh } from './signatures.ts';

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
  const runs = planRuns(about, offer, earlier.length, parts);
  refuseForbidden(runs, decision, parts);
  // A dry run changes nothing, so it uses nothing up.
  const isDry = isDryRun(about.policy.id, parts.settings);
  const signatures = await standingSignatures(tx, about, decision, parts);
  const reasons = reasonsFor(about, decision, signatures, parts.settings, { isDryRun: isDry });
  const weighed = weigh(about, decision, signatures, reasons, parts.settings);
  if (weighed.kind !== 'enough') return sign(about, decision, weighed);
  const limits = isDry ? [] : await reserveRuns(tx, runs, decision, weighed.agreeing.length > 0, parts);
  const beyond = weigh(about, decision, signatures, [...reasons, ...limits], parts.settings);
  if (beyond.kind !== 'enough') return sign(about, decision, beyond);
  for (const run of runs) await tx.saveRun(run);
  const line = await takeTargets(tx, about, runs, decision, parts);
  const first = runs[0];
  return {
    event: 'approved',
    // From here on, later matches open a case of their own.
    patch: {
      groupKey: claimedGroup(about),
      // What an earlier decision did and still stands is no less true for this one.
      outcome: [...standingLines(earlier), ...(line ? [line] : [])],
    },
    ...(offer.left.length > 0 && { decision: { left: offer.left } }),
    steps: first ? [{ kind: 'act', key: first.id, ...(line && { delayMs: WAITING_POLL_MS }) }] : [],
  };
}

/** One for each planned action and target, the strongest first: what shuts somebody out does not wait for what tells somebody. */
function planRuns(about: Case, offer: PlannedOffer, earlier: number, parts: DecideParts): readonly Run[] {
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
        ...(about.question?.dryRun && { dryRun: true as const }),
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
