// Tells cases whose place in the line for a target changed: whoever got its turn begins at once, the others say whom they wait for.
import { SYSTEM } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import { waitingLine, withoutWaitingLine } from '../case/waiting.ts';
import type { PlaceInLine, StoreTransaction } from './case-store.ts';
import { commitTransition } from './commit-transition.ts';

/** A case that waits looks by itself this often: a safety net, it is woken when its turn comes. */
export const WAITING_POLL_MS = 30_000;

/** The case is through with its targets: whose turn it is gets them and goes on, in the same transaction. */
export async function letGo(tx: StoreTransaction, caseId: CaseId, at: string): Promise<void> {
  await commitPlaces(tx, await tx.releaseTargets(caseId), at);
}

export async function commitPlaces(
  tx: StoreTransaction,
  places: readonly PlaceInLine[],
  at: string,
): Promise<void> {
  for (const { caseId, waitsFor } of places) {
    const about = await tx.lockCase(caseId);
    if (about?.state !== 'executing') {
      // Gone from the line without leaving it: what it was given would be held for ever.
      await letGo(tx, caseId, at);
      continue;
    }
    const first = (await tx.runsOf(caseId)).find((run) => run.state === 'pending');
    const line = waitsFor ? [waitingLine(waitsFor)] : [];
    await commitTransition(tx, about, {
      event: 'progressed',
      at,
      patch: { outcome: [...withoutWaitingLine(about.outcome), ...line] },
      steps: first && !waitsFor ? [{ kind: 'act', key: first.id }] : [],
      note: {
        kind: waitsFor ? 'targets.waiting' : 'targets.taken',
        actor: SYSTEM,
        facts: { waitsFor: waitsFor?.ref ?? null },
      },
    });
  }
}
