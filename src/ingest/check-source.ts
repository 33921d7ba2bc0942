// The `check-source` step: somebody says that an alert is resolved. Defender itself is asked, and closes the question or not.
import { type Step, SYSTEM } from '../case/case.ts';
import { isOpen } from '../case/transitions.ts';
import type { AlertSource } from '../ports/alert-source.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';

export interface CheckParts {
  readonly store: CaseStore;
  readonly alerts: AlertSource;
  readonly clock: Clock;
}

const CLOSED = 'The alert was resolved in Microsoft Defender, so there is nothing left to decide here.';

/** Closes once every alert behind the case is resolved where it came from. Throws what the source throws. */
export async function checkSource(step: Step, parts: CheckParts): Promise<void> {
  const alert = await parts.alerts.read(step.key);
  const resolved = typeof alert?.status === 'string' && alert.status.toLowerCase() === 'resolved';
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(step.caseId);
    if (current && resolved && isOpen(current.state)) {
      const sources = current.sources.map((one) =>
        one.source === 'graph' && one.sourceId === step.key ? { ...one, resolved: true } : one,
      );
      const all = sources.every((one) => one.resolved);
      await commitTransition(tx, current, {
        event: all ? 'resolved-at-source' : 'joined',
        at: isoTime(parts.clock),
        patch: { sources, ...(all && { outcome: [CLOSED] }) },
        ...(all && { cancel: ['route', 'ask'] }),
        note: { kind: 'case.source-resolved', actor: SYSTEM, facts: { source: 'graph', sourceId: step.key } },
      });
    }
    await tx.finishStep(step);
  });
}
