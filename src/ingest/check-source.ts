// The `check-source` step: somebody says that an alert is resolved. Its source itself is asked, and closes the question or not.
import type { SourceName } from '../case/alert.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import type { Step } from '../case/run.ts';
import { type Phrase, say } from '../case/said.ts';
import { stillStanding } from '../case/standing.ts';
import type { Target } from '../case/target.ts';
import { isOpen } from '../case/transitions.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { unreadableIn } from './sources/bucket-inventory.ts';

export interface CheckParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  /** Asks the source itself: Defender, or the bucket. `targets`: what the case is about. */
  isResolved(source: SourceName, sourceId: string, targets: readonly Target[]): Promise<boolean>;
}

const CLOSED: Readonly<Record<SourceName, Phrase>> = {
  graph: say('ingest.over.defender'),
  inventory: say('ingest.over.bucket'),
  cloudtrail: say('ingest.over'),
};

const closedText = (source: SourceName, sourceId: string): Phrase =>
  unreadableIn(sourceId) ? say('ingest.over.readable') : CLOSED[source];

/** What somebody with the security role wants to do besides is for them to decide, whatever became of the bucket. */
const isForProposers = ({ proposals = [] }: Case, source: SourceName): boolean =>
  source === 'inventory' && proposals.length > 0;

/**
 * Ends the question once every alert behind the case is resolved where it came from: closed, or contained where something stands
 * that was done here, so that it can still be undone. Throws what the source throws.
 */
export async function checkSource(step: Step, parts: CheckParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const source = about?.sources.findLast(({ sourceId }) => sourceId === step.key)?.source ?? 'graph';
  const resolved = await parts.isResolved(source, step.key, about?.targets ?? []);
  await parts.store.transact(async (tx) => {
    const current = await tx.lockCase(step.caseId);
    if (current && resolved && isOpen(current.state) && !isForProposers(current, source)) {
      const sources = current.sources.map((one) =>
        one.source === source && one.sourceId === step.key ? { ...one, resolved: true } : one,
      );
      const all = sources.every((one) => one.resolved);
      const standing = stillStanding(await tx.runsOf(current.id));
      const event = standing.length > 0 ? 'settled-at-source' : 'resolved-at-source';
      await commitTransition(tx, current, {
        event: all ? event : 'joined',
        at: isoTime(parts.clock),
        patch: { sources, ...(all && { outcome: [closedText(source, step.key), ...standing] }) },
        ...(all && { cancel: ['route', 'ask'] }),
        note: { kind: 'case.source-resolved', actor: SYSTEM, facts: { source, sourceId: step.key } },
      });
    }
    await tx.finishStep(step);
  });
}
