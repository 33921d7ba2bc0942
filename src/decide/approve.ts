// An approval: its runs, what they use of the hourly limits, and the targets that they change, in the claim's transaction.
// Nothing runs here. Where somebody else is changing a target, the case waits in line.
import type { Case, Decision, PlannedOffer } from '../case/case.ts';
import type { Run } from '../case/run.ts';
import { isDryRun } from '../case/settings.ts';
import { standingLines } from '../case/standing.ts';
import { writeBackSteps } from '../case/verdict.ts';
import { heldTarget, waitingLine } from '../case/waiting.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitPlaces, WAITING_POLL_MS } from '../ports/target-line.ts';
import { refuseForbidden, reserveRuns, unconfirmed } from './caps.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';

export async function approve(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  parts: DecideParts,
): Promise<Change> {
  const offer = about.question?.offers.find((one) => one.key === decision.offer);
  if (!offer) throw new ClaimRefused('decide.not-offered', 'offer vanished', { say: 'That choice is gone.' });
  const earlier = await tx.runsOf(about.id);
  const runs = planRuns(about, offer, earlier.length, parts);
  refuseForbidden(runs, decision, parts);
  // A dry run changes nothing, so it uses nothing up.
  const limit = isDryRun(about.policy.id, parts.settings)
    ? null
    : (lettingIn(about, offer, decision) ?? (await reserveRuns(tx, about, runs, offer, decision, parts)));
  if (limit) return askSecondPerson(about, offer, decision, limit);
  for (const run of runs) await tx.saveRun(run);
  const line = await takeTargets(tx, about, runs, decision, parts);
  const first = runs[0];
  return {
    event: 'approved',
    // From here on, later matches open a case of their own.
    patch: {
      groupKey: `${about.groupKey}|claimed:${about.id}`,
      // What an earlier decision did and still stands is no less true for this one.
      outcome: [...standingLines(earlier), ...(line ? [line] : [])],
    },
    ...(offer.left.length > 0 && { decision: { left: offer.left } }),
    steps: first ? [{ kind: 'act', key: first.id, ...(line && { delayMs: WAITING_POLL_MS }) }] : [],
  };
}

/**
 * Letting somebody back in takes two people, whatever the severity: it says that this was expected, and it opens what somebody else
 * closed, for a reason that nobody may know here. Why a second one has to confirm, a sentence; null where it may go ahead.
 */
function lettingIn(about: Case, offer: PlannedOffer, decision: Decision): string | null {
  if (offer.actions.every(({ nature }) => nature !== 'lets-in')) return null;
  const reason = 'It lets somebody back in, or takes a suspicion off them, and that always takes two people.';
  const chosen = unconfirmed(about, offer.key);
  if (chosen.some((earlier) => earlier.by.id !== decision.by.id)) return null;
  if (chosen.length > 0)
    throw new ClaimRefused('decide.same-person', 'the first signature is theirs', {
      say: `You chose this already; somebody else has to confirm it. ${reason}`,
    });
  return reason;
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
        undoSays: planned.undo.possible ? planned.undo.says : `${planned.title}: ${planned.undo.says}`,
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
): Promise<string | null> {
  const { waitsFor, moved } = await tx.takeTargets(
    about.id,
    runs.map((run) => heldTarget(run.target)),
    Math.max(0, ...runs.map((run) => parts.strengthOf(run.action))),
  );
  await commitPlaces(tx, moved, at);
  return waitsFor && waitingLine(waitsFor);
}

function askSecondPerson(about: Case, offer: PlannedOffer, decision: Decision, limit: string): Change {
  return {
    event: 'escalated',
    decision: { awaits: limit },
    patch: {
      toSecurity: `${decision.by.name} chose "${offer.label}". ${limit} A second person has to confirm it.`,
    },
    steps: [
      { kind: 'route', key: '' },
      ...writeBackSteps(about, {
        kind: 'second-signature',
        says: [limit, 'Nothing was changed: it stays in progress until a second person confirms it.'],
        decision,
      }),
    ],
  };
}
