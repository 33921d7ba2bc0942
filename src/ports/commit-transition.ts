// The only way in which a case changes: state, steps, refreshed copies and audit entry in the caller's transaction.
import type { Case } from '../case/case.ts';
import { caseDigest } from '../case/case-digest.ts';
import type { StepKind } from '../case/run.ts';
import { type CaseEvent, nextState } from '../case/transitions.ts';
import type { AuditNote } from './audit-trail.ts';
import type { NewStep, StoreTransaction } from './case-store.ts';

/** What only counts on: a flood of it is a few edits of the card, not one for each. */
const QUIET: readonly CaseEvent[] = ['joined', 'repeated', 'noted'];
const QUIET_MS = 2_000;

export interface Transition {
  readonly event: CaseEvent;
  readonly at: string;
  readonly patch?: Partial<Omit<Case, 'id' | 'ref' | 'state' | 'version' | 'updatedAt'>>;
  readonly steps?: readonly NewStep[];
  readonly cancel?: readonly StepKind[];
  readonly note: AuditNote;
}

/** Answers the case as committed. Throws `case.transition` (not allowed from here) and `store.stale`. */
export async function commitTransition(
  tx: StoreTransaction,
  current: Case,
  transition: Transition,
): Promise<Case> {
  const next: Case = {
    ...current,
    ...transition.patch,
    state: nextState(current.state, transition.event),
    version: current.version + 1,
    updatedAt: transition.at,
  };
  await tx.saveCase(next);
  if (transition.cancel?.length) await tx.cancelSteps(next.id, transition.cancel);
  for (const step of transition.steps ?? []) await tx.addStep(next.id, step);
  const isQuiet = QUIET.includes(transition.event);
  for (const copy of await tx.copiesOf(next.id))
    await tx.addStep(
      next.id,
      { kind: 'refresh', key: copy.id, ...(isQuiet && { delayMs: QUIET_MS }) },
      // One that is due already shows this as well, and one that runs looks again when it is done.
      { ifAbsent: isQuiet },
    );
  await tx.audit(next.id, {
    ...transition.note,
    facts: {
      ...transition.note.facts,
      event: transition.event,
      from: current.state,
      to: next.state,
      version: next.version,
      digest: caseDigest(next),
    },
  });
  return next;
}
