// How a run ends, and what the case owes next: the following run, the proof on the card, or a person.

import { type Case, type Run, type Step, SYSTEM } from '../case/case.ts';
import { targetLabel } from '../case/target.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { CaseStore, StoreTransaction } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { GovernanceAction } from './action.ts';

interface SettleParts {
  readonly store: CaseStore;
  readonly clock: Clock;
}

/** The run is proven (or, with `proof` null, was a dry run): goes on with the next one, or closes the decision. */
export async function finishRun(
  step: Step,
  about: Case,
  run: Run,
  proof: string | null,
  parts: SettleParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  const says = proof ?? 'Dry run: nothing was changed.';
  const done: Run = { ...run, state: proof ? 'verified' : 'dry-run', says, verifiedAt: at };
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    await tx.saveRun(done);
    const next = await nextPending(tx, done);
    // Where several targets were changed, each proof says which; two dry runs say the same.
    const alike = (await tx.runsOf(about.id)).filter((one) => one.action === run.action);
    const line = alike.length > 1 && proof ? `${targetLabel(run.target)}: ${says}` : says;
    const outcome = [...new Set([...current.outcome, line])];
    await commitTransition(tx, current, {
      event: next ? 'progressed' : 'verified',
      at,
      patch: { outcome },
      steps: next
        ? [{ kind: 'act', key: next.id }]
        : writeBackSteps(current, { kind: proof ? 'contained' : 'dry-run', says: outcome }),
      note: {
        kind: 'run.verified',
        actor: SYSTEM,
        facts: { run: done.id, action: done.action, dryRun: proof === null, at },
        personal: { target: { ...done.target }, says, after: done.after },
      },
    });
    if (!next) await tx.releaseTargets(about.id);
    await tx.finishStep(step);
  });
}

/** Nothing more can be done without a person: the security team is asked, with the reason. Nothing is lost. */
export async function giveUp(
  step: Step,
  about: Case,
  run: Run,
  action: GovernanceAction,
  say: string,
  reason: string,
  parts: SettleParts,
): Promise<void> {
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    await tx.saveRun({ ...run, state: 'failed', says: say });
    for (const other of await tx.runsOf(about.id))
      if (other.id !== run.id && other.state === 'pending')
        await tx.saveRun({ ...other, state: 'failed', says: 'Not started: the step before it failed.' });
    const sentence = `"${action.title}" did not succeed: ${say}`;
    await commitTransition(tx, current, {
      event: 'failed',
      at: isoTime(parts.clock),
      patch: { toSecurity: sentence, outcome: [...current.outcome, sentence] },
      steps: [{ kind: 'route', key: '' }, ...writeBackSteps(current, { kind: 'failed', says: [sentence] })],
      note: {
        kind: 'run.failed',
        actor: SYSTEM,
        facts: { run: run.id, action: action.id, reason, requestIds: run.requestIds },
        personal: { target: { ...run.target }, say },
      },
    });
    await tx.releaseTargets(about.id);
    await tx.finishStep(step);
  });
}

async function nextPending(tx: StoreTransaction, done: Run): Promise<Run | undefined> {
  const runs = await tx.runsOf(done.caseId);
  return runs
    .filter((run) => run.state === 'pending' && run.id !== done.id)
    .toSorted((a, b) => a.position - b.position)[0];
}
